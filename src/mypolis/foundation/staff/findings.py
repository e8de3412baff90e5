"""For `mypolis check`: whether the desk's list of networks keeps anybody out."""

import socket
from collections.abc import Iterable
from ipaddress import ip_network

from django.conf import settings

from mypolis.foundation.markets import Profile
from mypolis.foundation.staff.entrance.networks import is_within

_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))  # reserved for documentation
_HERE = ("127.0.0.1", "::1")


def findings(_profiles: Iterable[Profile]) -> list[str]:
    """Report networks from which every request would seem to come: those of this server and of proxies beside it.

    If a proxy is not counted, its own address is taken for the caller's, and a list that holds it admits everybody.
    """
    config = settings.MYPOLIS
    found = [
        f"MYPOLIS_DESK_NETWORKS: {network} is every address; leave the setting out, or name the networks of the offices"
        for network in config.desk_networks
        if ip_network(network).prefixlen == 0
    ]
    found += [
        f"MYPOLIS_DESK_NETWORKS: {network} holds {address}, which is this server, and perhaps a proxy; name smaller "
        "networks, only those of the offices"
        for network in config.desk_networks
        for address in (*_HERE, *own_addresses())
        if ip_network(network).prefixlen > 0 and is_within(address, [network])
    ]
    if config.desk_networks and config.mode == "production" and not config.trusted_proxies:
        found.append(
            "MYPOLIS_DESK_NETWORKS: the desk sees only the address of the proxy in front; set MYPOLIS_TRUSTED_PROXIES "
            "to the number of proxies"
        )
    return found


def own_addresses() -> list[str]:
    """The addresses with which this server talks to others. Sends nothing."""
    found = []
    for family, elsewhere in _ELSEWHERE:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((elsewhere, 9))
            except OSError:  # no network of this family
                continue
            found.append(probe.getsockname()[0])
    return found
