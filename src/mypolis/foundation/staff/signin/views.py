"""The pages of sign-in at the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from mypolis.foundation.factors.passkeys.options import options_for_signing_in
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.staff.access import for_everybody, for_staff, staff_session_of
from mypolis.foundation.staff.entrance import cookies, sessions
from mypolis.foundation.staff.entrance.addresses import is_at_desk
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.signin import flows
from mypolis.foundation.staff.signin.forms import AppCodeForm, PasswordForm, RecoveryCodeForm
from mypolis.foundation.staff.signin.half_way import account_half_way, half_way_token
from mypolis.foundation.staff.signin.refusals import refusal_text
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import limit_page


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def signin(request: HttpRequest) -> HttpResponse:
    """Asks for e-mail and password."""
    if staff_session_of(request) is not None:
        return redirect(_next(request))
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, "signin", form, 422 if form.is_bound else 200)
    is_open = getattr(request, "is_desk_open", False)
    try:
        account = flows.check_password(**form.cleaned_data, is_open=is_open, by=actor_of(request))
    except flows.Refused:
        form.refuse()
        return _page(request, "signin", form, 422)
    except LimitReached as limit:
        return limit_page(request, limit.until)
    response = redirect(f"{reverse('desk-signin-factor')}?{request.GET.urlencode()}")
    cookies.write_half_way(response, half_way_token(account))
    return response


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """Asks for the second factor: a passkey or the app's code."""
    account = account_half_way(cookies.read_half_way(request))
    if account is None:
        return redirect(f"{reverse('desk-signin')}?{request.GET.urlencode()}")
    form = AppCodeForm(request.POST if request.method == "POST" else None)
    sent, by = request.POST.get("passkey", ""), actor_of(request)
    if not form.is_bound:
        return _factor_page(request, account, AppCodeForm())
    try:
        if sent:
            form = AppCodeForm({"code": "000000"})  # so that a refusal can be added to it
            _session, token = flows.sign_in_with_passkey(account=account, sent=sent, by=by)
        elif form.is_valid():
            _session, token = flows.sign_in_with_app(account=account, typed=form.cleaned_data["code"], by=by)
        else:
            return _factor_page(request, account, form)
    except flows.Refused as refused:
        form.refuse(refusal_text(refused.code))
        return _factor_page(request, account, form)
    except LimitReached as limit:
        return limit_page(request, limit.until)
    return _opened(redirect(_next(request)), token)


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Takes a recovery code, which opens only the pages where one links a new factor."""
    account = account_half_way(cookies.read_half_way(request))
    if account is None:
        return redirect("desk-signin")
    form = RecoveryCodeForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, "recovery", form, 422 if form.is_bound else 200)
    try:
        typed = form.cleaned_data["recovery"]
        _session, token = flows.sign_in_with_recovery_code(account=account, typed=typed, by=actor_of(request))
    except flows.Refused:
        form.refuse()
        return _page(request, "recovery", form, 422)
    except LimitReached as limit:
        return limit_page(request, limit.until)
    return _opened(redirect("desk-own-factors"), token)


@for_staff(joining=True, locked=True)
@require_POST
def signout(request: HttpRequest) -> HttpResponse:
    """Ends the session of this browser."""
    session = staff_session_of(request)
    if session is not None:
        sessions.end(session=session, by=actor_of(request))
    response = redirect("desk-signin")
    cookies.drop_session(response)
    return response


def _opened(response: HttpResponse, token: str) -> HttpResponse:
    cookies.write_session(response, token)
    return response


def _factor_page(request: HttpRequest, account: StaffAccount, form: AppCodeForm) -> HttpResponse:
    context = {
        "options": options_for_signing_in(flows.DESK),
        "has_passkeys": account.holder.passkeys.filter(removed_at=None).exists(),
        "has_app": hasattr(account.holder, "app"),
    }
    return _page(request, "factor", form, 422 if form.is_bound else 200, **context)


def _page(request: HttpRequest, name: str, form: object, status: int, **context: object) -> HttpResponse:
    return render(request, f"staff/{name}.html", {"form": form, **context}, status=status)


def _next(request: HttpRequest) -> str:
    """The page of the desk that was asked for; the start page instead of any other address."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and is_at_desk(wanted)
    return wanted if is_ours else reverse("desk-markets")
