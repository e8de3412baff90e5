"""Facts about a request that every room needs: who acts, from where, in which market."""

from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest

from mypolis.foundation.events import Actor
from mypolis.foundation.markets import Profile, all_markets


def actor_of(request: HttpRequest) -> Actor:
    """Return who makes this request, with IP address and user agent: a member, at the desk staff, else a stranger."""
    address = address_of(request)
    client = "".join(sign for sign in request.headers.get("User-Agent", "")[:200] if sign.isprintable())
    staff, account = getattr(request, "staff", None), getattr(request, "account", None)
    if staff is not None:
        return Actor("staff", str(staff.pk), address, client)
    if account is None:
        return Actor("stranger", "", address, client)
    return Actor("member", str(account.pk), address, client)


def session_of(request: HttpRequest) -> int | None:
    """Return the key of the device session of this request; None for a stranger."""
    device = getattr(request, "device", None)
    return device.pk if device is not None else None


def address_of(request: HttpRequest) -> str:
    """Return the caller's IP address: the peer's, or the one that the outermost trusted proxy reported."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.MYPOLIS.trusted_proxies
    if not trusted:
        return peer
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return hops[-trusted] if len(hops) >= trusted and _is_address(hops[-trusted]) else peer


def market_or_404(code: str) -> Profile:
    """Return the profile of a served market. Raises Http404 for any other code."""
    try:
        return all_markets()[code]
    except KeyError:
        raise Http404("no such market") from None


def is_for_api(request: HttpRequest) -> bool:
    """Whether this is an API request, which gets problem documents instead of pages."""
    return request.path.startswith("/api/")


def market_in(path: str) -> Profile | None:
    """Return the market of a page or API path; None for other paths."""
    parts = path.split("/", 4)
    code = parts[3] if parts[1:3] == ["api", "v1"] and len(parts) > 3 else parts[1] if len(parts) > 1 else ""
    return all_markets().get(code)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text  # IPv6 zones are local to a machine, and PostgreSQL cannot store them
