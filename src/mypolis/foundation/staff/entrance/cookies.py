"""The cookies of the desk. Their names differ from the portal's, so neither is ever taken for the other."""

from django.http import HttpRequest, HttpResponse

from mypolis.foundation.staff.entrance.sessions import LONGEST
from mypolis.foundation.staff.signin.half_way import HALF_WAY_LIFE
from mypolis.foundation.web import cookies

_DESK = "desk"


def read_session(request: HttpRequest) -> str:
    """The token of the session; empty without one."""
    return cookies.read(request, "staff", _DESK)


def write_session(response: HttpResponse, token: str) -> None:
    """Remember the session in this browser."""
    cookies.write(response, "staff", _DESK, token, life=LONGEST)
    cookies.drop(response, "staff-half-way", _DESK)


def drop_session(response: HttpResponse) -> None:
    """Forget the session."""
    cookies.drop(response, "staff", _DESK)


def read_half_way(request: HttpRequest) -> str:
    """What says whose password was right, between the two pages of sign-in."""
    return cookies.read(request, "staff-half-way", _DESK)


def write_half_way(response: HttpResponse, token: str) -> None:
    """Remember whose password was right, for a few minutes."""
    cookies.write(response, "staff-half-way", _DESK, token, life=HALF_WAY_LIFE)


def read_market(request: HttpRequest) -> str:
    """The code of the market in which somebody worked last in this browser. It opens nothing."""
    return cookies.read(request, "staff-market", _DESK)


def write_market(response: HttpResponse, code: str) -> None:
    """Remember the market, for pages that belong to none."""
    cookies.write(response, "staff-market", _DESK, code, life=LONGEST)
