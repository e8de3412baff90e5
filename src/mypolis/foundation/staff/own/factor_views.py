"""Pages on which staff link and remove their passkeys and app, and print recovery codes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mypolis.foundation.factors import authenticator_apps, recovery_codes, time_codes
from mypolis.foundation.factors.passkeys.answers import PasskeyRefused
from mypolis.foundation.factors.passkeys.options import options_for_adding
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.staff.access import for_staff, session_here, signed_in
from mypolis.foundation.staff.act_page import Act, act_page
from mypolis.foundation.staff.own import flows
from mypolis.foundation.staff.own.acts import REMOVE_APP, REMOVE_PASSKEY
from mypolis.foundation.staff.own.forms import NewAppForm, PasskeyForm
from mypolis.foundation.staff.signin.flows import Refused
from mypolis.foundation.web.requests import actor_of
from mypolis.foundation.web.views import error_page, limit_page

_ISSUER = "MyPolis"


@for_staff(joining=True, fresh=True)
@require_safe
def factors(request: HttpRequest) -> HttpResponse:
    """Offers the two kinds of factors: a passkey, or an authenticator app."""
    return _page(request, PasskeyForm(), NewAppForm(), *flows.new_app_ticket(signed_in(request)))


@for_staff(joining=True, fresh=True)
@require_POST
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Links the passkey that the browser made."""
    form = PasskeyForm(request.POST)
    if form.is_valid():
        sent, name = request.POST.get("passkey", ""), form.cleaned_data["name"]
        try:
            flows.add_passkey(session=session_here(request), sent=sent, name=name, by=actor_of(request))
            return _linked(request)
        except PasskeyRefused:
            form.refuse()
        except flows.SessionOver:
            return redirect("desk-signin")
    return _page(request, form, NewAppForm(), *flows.new_app_ticket(signed_in(request)))


@for_staff(joining=True, fresh=True)
@require_POST
def link_app(request: HttpRequest) -> HttpResponse:
    """Links the app whose code was typed."""
    form, ticket = NewAppForm(request.POST), request.POST.get("ticket", "")
    secret = flows.secret_of(ticket, signed_in(request))
    if secret is None:  # too old: show another code to scan
        return redirect("desk-own-factors")
    if form.is_valid():
        try:
            typed = form.cleaned_data["code"]
            flows.link_app(session=session_here(request), secret=secret, typed=typed, by=actor_of(request))
            return _linked(request)
        except Refused:
            form.refuse()
        except flows.SessionOver:
            return redirect("desk-signin")
        except LimitReached as limit:
            return limit_page(request, limit.until)
    return _page(request, PasskeyForm(), form, secret, ticket)


@for_staff(fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_passkey(request: HttpRequest, passkey: int) -> HttpResponse:
    """Asks whether to remove one of one's own passkeys; the button does it."""
    if request.method != "POST":
        found = signed_in(request).holder.passkeys.filter(pk=passkey, removed_at=None).first()
        return _ask(request, REMOVE_PASSKEY, found.name if found is not None else "")
    try:
        return _removed(flows.remove_passkey(account=signed_in(request), key=passkey, by=actor_of(request)))
    except flows.LastFactor:
        return _last(request)


@for_staff(fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def unlink_app(request: HttpRequest) -> HttpResponse:
    """Asks whether to remove the authenticator app; the button does it."""
    if request.method != "POST":
        account = signed_in(request)
        return _ask(request, REMOVE_APP, account.email if authenticator_apps.is_linked(account.holder) else "")
    try:
        return _removed(flows.unlink_app(account=signed_in(request), by=actor_of(request)))
    except flows.LastFactor:
        return _last(request)


@for_staff(fresh=True)
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Makes ten new recovery codes and shows them, only this once."""
    codes = flows.new_recovery_codes(account=signed_in(request), by=actor_of(request))
    return render(request, "staff/recovery_codes.html", {"codes": codes})


def _linked(request: HttpRequest) -> HttpResponse:
    """After the first factor come the recovery codes; later, one's own account."""
    account = signed_in(request)
    if recovery_codes.left(account.holder):
        return redirect("desk-own-account")
    codes = flows.new_recovery_codes(account=account, by=actor_of(request))
    return render(request, "staff/recovery_codes.html", {"codes": codes})


def _ask(request: HttpRequest, act: Act, about: str) -> HttpResponse:
    """Ask about a factor. Without one there is nothing to ask: one's own account shows what there is."""
    if not about:
        return redirect("desk-own-account")
    return act_page(request, act, about=about, back_url=reverse("desk-own-account"))


def _removed(was_there: bool) -> HttpResponse:
    if not was_there:
        raise Http404("no such factor")
    return redirect(f"{reverse('desk-own-account')}?done=removed")


def _last(request: HttpRequest) -> HttpResponse:
    text = _("This is your only factor. Link another one first, so that you can still sign in.")
    return error_page(request, "403", text=text, start_url=reverse("desk-own-factors"), start_label=_("Link one"))


def _page(request: HttpRequest, form: PasskeyForm, app_form: NewAppForm, secret: str, ticket: str) -> HttpResponse:
    account = signed_in(request)
    context = {
        "form": app_form if app_form.is_bound else form,
        "passkey_form": form,
        "app_form": app_form,
        "options": options_for_adding(account.holder, user_name=account.email, display_name=account.name),
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        "address": time_codes.address_of(secret, name=account.email, issuer=_ISSUER),
        "ticket": ticket,
        "is_joining": session_here(request).only_factors,
    }
    return render(request, "staff/factors.html", context, status=422 if form.is_bound or app_form.is_bound else 200)
