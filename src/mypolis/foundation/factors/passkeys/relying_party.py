"""For whom a passkey is good: the host of our address, and the exact origin that may ask for it.

A browser refuses a passkey at any other host, which is what makes it safe against phishing. The host of a deployment
must not change later: all its passkeys would be void.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from mypolis.foundation.factors.models import DESK


class RelyingParty(NamedTuple):
    """The host, and the origin such as `https://portal.example`."""

    id: str
    origin: str


def relying_party(door: str) -> RelyingParty:
    """The relying party of the desk or of a market. All markets share one, because they share the host."""
    config = settings.MYPOLIS
    url = urlsplit(config.desk_url or config.public_url if door == DESK else config.public_url)
    return RelyingParty(url.hostname or "", f"{url.scheme}://{url.netloc}")
