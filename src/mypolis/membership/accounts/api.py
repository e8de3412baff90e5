"""A member's own sessions as an API, with bearer tokens."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.security import HttpBearer

from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.journeys.definitions.outcomes import Grant
from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.problems import problem
from mypolis.foundation.web.requests import actor_of
from mypolis.membership.accounts.models import Device
from mypolis.membership.accounts.schemas import ChangePassword, DevicesDoc, SignOutDevice, TokensDoc
from mypolis.membership.accounts.security.flows import (
    UnknownDevice,
    WeakPassword,
    WrongPassword,
    choose_password,
    sign_out_others,
    signed_in_devices,
)
from mypolis.membership.accounts.security.forms import MemberForm, PasswordChangeForm, SignOutForm
from mypolis.membership.accounts.sessions.devices import holder_of_session, sign_out

REFUSALS = dict.fromkeys((404, 422, 429), ProblemDoc)


class MemberToken(HttpBearer):
    """Authenticates by the token from a finished sign-in, valid only in the market of the URL."""

    def authenticate(self, request: HttpRequest, token: str) -> Device | None:
        """The signed-in device; None, which the API answers with 401, if there is none."""
        profile = getattr(request, "market", None)
        device = holder_of_session(token, market=profile.code) if profile is not None else None
        if device is not None:
            request.account = device.account  # type: ignore[attr-defined]
            request.device = device  # type: ignore[attr-defined]
        return device


def member_if_any(request: HttpRequest) -> bool:
    """Lets everybody in; sets the member when the request has a token."""
    MemberToken()(request)
    return True


router = Router(tags=["member"], auth=MemberToken())


@router.post("/{market}/signout", response={204: None}, url_name="signout")
def signout(request: HttpRequest, market: str) -> Status[None]:
    """End this session."""
    sign_out(device=request.device, by=actor_of(request))  # type: ignore[attr-defined]
    return Status(204, None)


@router.get("/{market}/me/devices", response=DevicesDoc, url_name="devices")
def devices(request: HttpRequest, market: str) -> dict[str, Any]:
    """List the devices on which the member is signed in."""
    return {"devices": [asdict(one) for one in signed_in_devices(_device(request))]}


@router.post("/{market}/me/devices/signout", response={200: TokensDoc, **REFUSALS}, url_name="devices-signout")
def signout_device(request: HttpRequest, market: str, body: SignOutDevice) -> dict[str, str] | HttpResponse:
    """Sign out another device, or all others. This one gets new tokens."""
    device = _device(request)
    form = SignOutForm(body.dict(), device=device, devices=signed_in_devices(device))
    return _done(
        form,
        lambda: sign_out_others(
            device=device, which=body.device_id, present=form.cleaned_data["present"], by=actor_of(request)
        ),
    )


@router.post("/{market}/me/password", response={200: TokensDoc, **REFUSALS}, url_name="password")
def change(request: HttpRequest, market: str, body: ChangePassword) -> dict[str, str] | HttpResponse:
    """Change the password. Every other device is signed out; this one gets new tokens."""
    device = _device(request)
    form = PasswordChangeForm(body.dict(), device=device)
    return _done(
        form,
        lambda: choose_password(
            device=device,
            present=form.cleaned_data["present"],
            password=form.cleaned_data["password"],
            by=actor_of(request),
        ),
    )


def _done(form: MemberForm, act: Callable[[], Grant]) -> dict[str, str] | HttpResponse:
    """The result as JSON: new tokens, or the errors of the form."""
    try:
        if form.is_valid():
            grant = act()
            return {"access_token": grant.access_token, "device_token": grant.device_token}
    except WrongPassword:
        form.refuse_password()
    except WeakPassword as weak:
        form.refuse_new(weak.problems)
    except UnknownDevice:
        return problem(404, "unknown-device", _("This device is not signed in any more."))
    except LimitReached as limit:
        form.refuse_for_now(limit)
        return problem(429, limit.limit.name, limit.message, until=limit.until, errors=form.error_list())
    errors = form.error_list()
    return problem(422, "refused", errors[0][2], errors=errors)


def _device(request: HttpRequest) -> Device:
    device: Device = request.device  # type: ignore[attr-defined]
    return device
