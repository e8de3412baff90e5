"""A member's pages about account security."""

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys.views import open_session
from mypolis.foundation.web.requests import actor_of
from mypolis.membership.accounts.codes import authenticators
from mypolis.membership.accounts.contact_points.contact_list import contacts_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.security.flows import (
    UnknownDevice,
    WeakPassword,
    WrongPassword,
    choose_password,
    sign_out_others,
    signed_in_devices,
)
from mypolis.membership.accounts.security.forms import MemberForm, PasswordChangeForm, SignOutForm
from mypolis.membership.accounts.views import for_members


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def security(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Lists the signed-in devices. With the present password, the member can sign out one or all others."""
    device = request.device  # type: ignore[attr-defined]
    devices = signed_in_devices(device)
    form = SignOutForm(request.POST if request.method == "POST" else None, device=device, devices=devices)
    status = 200
    if form.is_bound:
        status = 422
        try:
            if form.is_valid():
                answers = form.cleaned_data
                grant = sign_out_others(
                    device=device, which=answers["device_id"], present=answers["present"], by=actor_of(request)
                )
                return open_session(redirect(f"{reverse('security', args=[market])}?done=devices"), market, grant)
        except (WrongPassword, LimitReached) as error:
            status = _refuse(form, error)
        except UnknownDevice:  # signed out meanwhile
            return redirect("security", market)
    context: dict[str, Any] = {
        "form": form,
        "devices": devices,
        "contacts": contacts_of(account),
        "username": account.username_or_none,
        "authenticator": authenticators.of(account),
        "notices": _done(request),
    }
    return _answer(render(request, "accounts/security.html", context, status=status), form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def password(request: HttpRequest, market: str, account: Account) -> HttpResponse:
    """Changes the password. Requires the present one and signs out every other device."""
    device = request.device  # type: ignore[attr-defined]
    form = PasswordChangeForm(request.POST if request.method == "POST" else None, device=device)
    status = 200
    if form.is_bound:
        status = 422
        try:
            if form.is_valid():
                answers = form.cleaned_data
                grant = choose_password(
                    device=device, present=answers["present"], password=answers["password"], by=actor_of(request)
                )
                return open_session(redirect(f"{reverse('security', args=[market])}?done=password"), market, grant)
        except WeakPassword as weak:
            form.refuse_new(weak.problems)
        except (WrongPassword, LimitReached) as error:
            status = _refuse(form, error)
    context: dict[str, Any] = {"form": form, "back_url": reverse("security", args=[market])}
    return _answer(render(request, "accounts/password.html", context, status=status), form)


def _refuse(form: MemberForm, error: WrongPassword | LimitReached) -> int:
    """Add the error to the form. Returns the HTTP status."""
    if isinstance(error, LimitReached):
        form.refuse_for_now(error)
        return 429
    form.refuse_password()
    return 422


def _answer(response: HttpResponse, form: MemberForm) -> HttpResponse:
    if form.until is not None:
        response["Retry-After"] = str(max(1, math.ceil((form.until - timezone.now()).total_seconds())))
    return response


def _done(request: HttpRequest) -> list[dict[str, str]]:
    """The message about what was just done, from the URL's query; unknown values are ignored."""
    texts = {
        "password": _("Your password has been changed. All other devices are signed out."),
        "devices": _("Signed out. The next sign-in on that device will need a code."),
    }
    text = texts.get(request.GET.get("done", ""))
    return [{"kind": "good", "text": text}] if text else []
