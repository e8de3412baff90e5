"""HTTP to a gateway: time limits, and what a broken line means."""

from typing import Any
from uuid import UUID

import httpx

from mypolis.foundation.lib.json_reader import read_object
from mypolis.foundation.notices.gateways import TIMEOUT_SECONDS, DeliveryFailed

# It never heard of the message.
_NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def client(**options: Any) -> httpx.Client:
    """Connections that are kept open between messages."""
    return httpx.Client(
        timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=5), limits=httpx.Limits(keepalive_expiry=30), **options
    )


def post(session: httpx.Client, url: str, **content: Any) -> httpx.Response:
    """Post; any answer will do. Raises DeliveryFailed when there is none."""
    try:
        return session.post(url, **content)
    except _NOT_REACHED as error:
        raise DeliveryFailed(type(error).__name__, down=True) from None
    except httpx.HTTPError as error:
        raise DeliveryFailed(type(error).__name__, unsure=True) from None


def json_in(answer: httpx.Response) -> dict[str, Any]:
    """The object in an answer; empty when there is none."""
    try:
        return read_object(answer.content)
    except ValueError:
        return {}


def plain_id(value: object) -> str:
    """A gateway's own id for a message: what can be kept of it, at most 200 characters; "" when it is none."""
    if not isinstance(value, str | int):
        return ""
    return "".join(sign for sign in str(value)[:200] if sign.isprintable())


def uuid_in(text: object) -> UUID | None:
    """The id of a message in a report; None when it is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
