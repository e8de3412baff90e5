"""Asks for a factor again, in a locked session and before sensitive pages, at the address of the page itself.

Nothing typed is lost: the fields of a form that was sent wait on the page as hidden fields, and go on with the proof.
"""

from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mypolis.foundation.factors.passkeys.options import options_for_signing_in
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.staff.entrance.addresses import is_at_desk
from mypolis.foundation.staff.entrance.sessions import refresh
from mypolis.foundation.staff.models import StaffSession
from mypolis.foundation.staff.signin.flows import DESK, Refused, check_app, check_passkey
from mypolis.foundation.staff.signin.forms import AppCodeForm
from mypolis.foundation.staff.signin.refusals import refusal_text
from mypolis.foundation.web.form_fields.fields import secret_names
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page

type Reason = Literal["locked", "sensitive"]

_OURS = frozenset({"csrfmiddlewaretoken", "desk_proof", "desk_was_sent", "desk_back", "code", "passkey"})


def prove_again(
    request: HttpRequest, session: StaffSession, *, reason: Reason, gives_file: bool = False
) -> HttpResponse | None:
    """None if this request brought a right proof and the page can go on; else the page that asks for one.

    With `gives_file` a right proof leads to a page with a button for the file. A file replaces no page: the one that
    asks would stay, with a code that is spent.
    """
    if _takes_files(request):
        return _ask(request, session, reason, AppCodeForm(), loses_files=True)
    if request.method == "POST" and "desk_proof" in request.POST:
        return _check(request, session, reason, gives_file=gives_file)
    return _ask(request, session, reason, AppCodeForm(), gives_file=gives_file)


def check_proof(request: HttpRequest, session: StaffSession) -> AppCodeForm | None:
    """Check the passkey or code that was sent, and unlock the session: None. Else the form with what is wrong.

    Raises LimitReached.
    """
    sent, by = request.POST.get("passkey", ""), actor_of(request)
    form = AppCodeForm({"code": "000000"} if sent else request.POST)  # so that a refusal can be added to it
    try:
        if sent:
            check_passkey(account=session.account, sent=sent, by=by)
        elif form.is_valid():
            check_app(account=session.account, typed=form.cleaned_data["code"], by=by)
        else:
            return form
    except Refused as refused:
        form.refuse(refusal_text(refused.code))
        return form
    refresh(session=session, by=by, factor="passkey" if sent else "app")
    return None


def _check(request: HttpRequest, session: StaffSession, reason: Reason, *, gives_file: bool) -> HttpResponse | None:
    try:
        wrong = check_proof(request, session)
    except LimitReached as limit:
        return limit_page(request, limit.until)
    if wrong is not None:
        return _ask(request, session, reason, wrong, gives_file=gives_file)
    if "desk_was_sent" not in request.POST:
        return HttpResponseRedirect(request.get_full_path())
    return _offer_file(request) if gives_file else None


def _offer_file(request: HttpRequest) -> HttpResponse:
    return render(request, "staff/file_after_proof.html", {"kept": _kept(request), "back_url": _back_url(request)})


def _ask(
    request: HttpRequest,
    session: StaffSession,
    reason: Reason,
    form: AppCodeForm,
    *,
    loses_files: bool = False,
    gives_file: bool = False,
) -> HttpResponse:
    titles = {"locked": _("Your session is locked"), "sensitive": _("Please show that it is you")}
    was_sent = (
        request.method == "POST"
        and not loses_files
        and ("desk_proof" not in request.POST or "desk_was_sent" in request.POST)
    )
    context = {
        "form": form,
        "title": titles[reason],
        "reason": reason,
        "options": options_for_signing_in(DESK),
        "kept": _kept(request) if was_sent else [],
        "was_sent": was_sent,
        "loses_files": loses_files,
        "gives_file": gives_file and was_sent,
        "back_url": _back_url(request) if gives_file and was_sent else "",
    }
    return render(request, "staff/prove_again.html", context, status=403)


def _back_url(request: HttpRequest) -> str:
    """The page of the desk that had the button for the file; empty if the browser does not say it."""
    sent = request.POST.get("desk_back")
    came_from = urlsplit(request.headers.get("Referer", ""))
    back = urlunsplit(("", "", came_from.path, came_from.query, "")) if sent is None else sent
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) and is_at_desk(back) else ""


def _takes_files(request: HttpRequest) -> bool:
    """Whether the view reads the body itself, with a handler for large files: here it must stay unread."""
    match = request.resolver_match
    return request.method == "POST" and match is not None and getattr(match.func, "csrf_exempt", False)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form said, except secrets, which are never written into a page."""
    left_out = _OURS | secret_names()
    return [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]
