"""What mail providers report of mail that came back: our own JSON, and Mailgun's.

Source: documentation.mailgun.com, "Securing webhooks" and "Event structure".
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from mypolis.notices.bounces import Bounce, Cause
from mypolis.notices.sms.gateway import Forged, Report
from mypolis.notices.sms.http import is_bearer

_CAUSES: dict[str, Cause] = {"bounced": "bounced", "complained": "complained"}


def read_own(report: Report, token: str) -> Bounce | None:
    """Read `{"address", "cause": "bounced" | "complained", "at"?}` with a bearer token; `at` is ISO 8601, else now.

    None for what is no such report. Raises Forged.
    """
    if not is_bearer(report, token):
        raise Forged
    found = _object(report.body)
    cause, at = _CAUSES.get(_text(found, "cause")), _moment(_text(found, "at"))
    if cause is None or at is None:
        return None
    return _bounce(_text(found, "address"), cause, at)


def read_mailgun(report: Report, token: str) -> Bounce | None:
    """Read Mailgun's event; `token` is its HTTP webhook signing key. Failures for now are None. Raises Forged.

    The moment is the signature's, the only one that is signed: an old report played again stays old.
    """
    found = _object(report.body)
    seal, event = _part(found, "signature"), _part(found, "event-data")
    signed = _text(seal, "timestamp") + _text(seal, "token")
    expected = hmac.digest(token.encode(), signed.encode(), hashlib.sha256).hex()
    if not token or not constant_time_compare(_text(seal, "signature"), expected):
        raise Forged
    causes: dict[tuple[str, str], Cause] = {("failed", "permanent"): "bounced", ("complained", ""): "complained"}
    cause = causes.get((_text(event, "event"), _text(event, "severity")))
    at = _of_unix(_text(seal, "timestamp"))
    return _bounce(_text(event, "recipient"), cause, at) if cause and at else None


type Reader = Callable[[Report, str], Bounce | None]

READERS: dict[str, Reader] = {"bounces": read_own, "mailgun": read_mailgun}


def _bounce(address: str, cause: Cause, at: datetime) -> Bounce | None:
    if not 3 <= len(address) <= 254 or "@" not in address:
        return None
    return Bounce(address=address, market="", cause=cause, at=min(at, timezone.now()))


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _part(found: dict[str, Any], key: str) -> dict[str, Any]:
    part = found.get(key)
    return part if isinstance(part, dict) else {}


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key, "")
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _moment(text: str) -> datetime | None:
    if not text:
        return timezone.now()
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _of_unix(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None
