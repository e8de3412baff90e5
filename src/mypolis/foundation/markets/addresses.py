"""Public addresses of pages, for links in messages and documents."""

from django.conf import settings

from mypolis.foundation.markets import market as profile_of


def address_of_page(market: str, *parts: str) -> str:
    """Return the public URL of a market's page, for links in messages."""
    tail = "/".join(parts) + ("" if len(parts) > 1 else "/")
    return f"{settings.MYPOLIS.public_url}/{profile_of(market).code}/{tail}"
