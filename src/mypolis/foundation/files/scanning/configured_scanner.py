"""Creates the scanner of this deployment from `MYPOLIS_SCANNER_URL`."""

from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

from mypolis.foundation.files.scanning.clamd import Clamd
from mypolis.foundation.files.scanning.scanner import Scanner
from mypolis.foundation.files.scanning.standin import StandIn

STAND_IN = "standin://"
_CLAMD_PORT = 3310


class BadScannerError(ValueError):
    """`MYPOLIS_SCANNER_URL` is missing or invalid. The text says why and what to do."""


def scanner() -> Scanner:
    """The scanner that `MYPOLIS_SCANNER_URL` names; in the demo and in tests the stand-in is the default.

    Raises BadScannerError.
    """
    config = settings.MYPOLIS
    url = config.scanner_url or (STAND_IN if config.shows_inbox else "")
    if url == STAND_IN and not config.shows_inbox:
        raise BadScannerError("standin:// scans nothing and is for the demo only: name a clamd")
    return _made(url)


# Cached, because a scanner remembers for a minute how old its definitions are.
@cache
def _made(url: str) -> Scanner:
    if url == STAND_IN:
        return StandIn()
    if not url:
        raise BadScannerError("is missing; uploads need a clamd, for example unix:///run/clamav/clamd.ctl")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadScannerError(f"is no address: {error}") from None
    if parts.scheme == "unix" and parts.path and not parts.netloc:
        return Clamd(parts.path)
    if parts.scheme == "tcp" and parts.hostname and parts.path in ("", "/"):
        return Clamd((parts.hostname, port or _CLAMD_PORT))
    raise BadScannerError("must be unix:///path/of/the/socket or tcp://host:port")
