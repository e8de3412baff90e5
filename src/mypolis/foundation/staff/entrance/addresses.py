"""Addresses of the desk. It belongs to no market; pages of a market have its code in the path: `/desk/rs/…`."""

from urllib.parse import urlsplit

from django.conf import settings


def is_at_desk(path: str) -> bool:
    """Whether a path is the desk's."""
    return path.startswith("/desk/")


def desk_host() -> str:
    """The desk's own host and port; empty if it shares the portal's."""
    return urlsplit(settings.MYPOLIS.desk_url or "").netloc


def address_at_desk(path: str) -> str:
    """The public URL of a page of the desk, for links in messages."""
    return f"{settings.MYPOLIS.desk_url or settings.MYPOLIS.public_url}{path}"
