"""The portal's cookies, each for one market. With TLS their names begin with `__Host-`."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

DEVICE_LIFE = timedelta(days=400)


def read(request: HttpRequest, name: str, market: str) -> str:
    """Return the value of a cookie; empty if it is not set."""
    return request.COOKIES.get(_full(name, market), "")


def write(response: HttpResponse, name: str, market: str, value: str, *, life: timedelta) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send along with a POST."""
    response.set_cookie(
        _full(name, market),
        value,
        max_age=life,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def drop(response: HttpResponse, name: str, market: str) -> None:
    """Remove a cookie."""
    response.set_cookie(
        _full(name, market), "", max_age=0, secure=settings.CSRF_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def _full(name: str, market: str) -> str:
    prefix = "__Host-" if settings.CSRF_COOKIE_SECURE else ""
    return f"{prefix}{name}-{market}"
