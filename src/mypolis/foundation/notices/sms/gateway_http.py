"""HTTP requests to a gateway: timeouts, and how a broken connection is classified."""

from typing import Any
from uuid import UUID

import httpx

from mypolis.foundation.lib.json_reader import read_object
from mypolis.foundation.notices.gateways import TIMEOUT_SECONDS, DeliveryFailed

# With these errors, the gateway never received the message.
_NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def client(**options: Any) -> httpx.Client:
    """A client that keeps connections open between messages."""
    return httpx.Client(
        timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=5), limits=httpx.Limits(keepalive_expiry=30), **options
    )


def post(session: httpx.Client, url: str, **content: Any) -> httpx.Response:
    """POST and return the response, whatever its status. Raises DeliveryFailed when there is no response."""
    try:
        return session.post(url, **content)
    except _NOT_REACHED as error:
        raise DeliveryFailed(type(error).__name__, down=True) from None
    except httpx.HTTPError as error:
        raise DeliveryFailed(type(error).__name__, unsure=True) from None


def json_in(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object in a response; empty when there is none."""
    try:
        return read_object(answer.content)
    except ValueError:
        return {}


def plain_id(value: object) -> str:
    """A gateway's own id for a message, cleaned for storage, at most 200 characters; "" when it is not an id."""
    if not isinstance(value, str | int):
        return ""
    return "".join(sign for sign in str(value)[:200] if sign.isprintable())


def uuid_in(text: object) -> UUID | None:
    """The id of a message in a report; None when it is not a UUID."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
