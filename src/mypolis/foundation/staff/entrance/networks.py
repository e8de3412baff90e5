"""The networks from which the desk can be used (`MYPOLIS_DESK_NETWORKS`). Without the setting, from everywhere.

A wall in addition to sign-in, never instead of it (OWASP ASVS 5.0, 8.4.2).
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

type Network = IPv4Network | IPv6Network


def is_allowed(request: HttpRequest) -> bool:
    """Whether the caller's address is in one of the networks.

    Behind proxies the address is the hop that the outermost trusted proxy reported. A header that is too short or no
    list of addresses is refused: somebody came around a proxy, and the peer's address would say nothing.
    """
    networks = settings.MYPOLIS.desk_networks
    if not networks:
        return True
    address = _exact_address(request)
    return address is not None and is_within(address, networks)


def is_within(address: str, networks: Sequence[str]) -> bool:
    """Whether an address is in one of the networks; an IPv4 address that is written as IPv6 counts as IPv4."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in ip_network(network) for network in networks)


def _exact_address(request: HttpRequest) -> str | None:
    peer, trusted = str(request.META.get("REMOTE_ADDR", "")), int(settings.MYPOLIS.trusted_proxies)
    if not trusted:
        return peer
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if len(hops) < trusted or not all(_is_address(hop) for hop in hops[-trusted:]):
        return None
    return hops[-trusted]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text
