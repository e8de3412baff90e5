"""A member's own session, by bearer token."""

from django.http import HttpRequest
from ninja import Router, Status
from ninja.security import HttpBearer

from mypolis.accounts.devices import holder_of_session, sign_out
from mypolis.accounts.models import Device
from mypolis.web.requests import actor_of


class MemberToken(HttpBearer):
    """The token that a finished sign-in gave, in the market of the address only."""

    def authenticate(self, request: HttpRequest, token: str) -> Device | None:
        """The signed-in device; None leads to a 401."""
        profile = getattr(request, "market", None)
        device = holder_of_session(token, market=profile.code) if profile is not None else None
        if device is not None:
            request.account = device.account  # type: ignore[attr-defined]
            request.device = device  # type: ignore[attr-defined]
        return device


router = Router(tags=["member"], auth=MemberToken())


@router.post("/{market}/signout", response={204: None}, url_name="signout")
def signout(request: HttpRequest, market: str) -> Status[None]:
    """End this session."""
    sign_out(device=request.device, by=actor_of(request))  # type: ignore[attr-defined]
    return Status(204, None)
