"""Reads bounce reports of mail providers: our own JSON format, and Mailgun's.

Source: documentation.mailgun.com, "Securing webhooks" and "Event structure".
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from mypolis.foundation.guards.flows import spend_once
from mypolis.foundation.lib.json_reader import read_object
from mypolis.foundation.notices.bounces import Bounce, Cause
from mypolis.foundation.notices.sms.gateway import Forged, Report
from mypolis.foundation.notices.sms.http import is_bearer

OLDEST_BOUNCE = timedelta(days=365)
# Mailgun repeats a report for up to eight hours.
OLDEST_SIGNATURE = timedelta(hours=12)
FASTEST_CLOCK = timedelta(minutes=5)

_CAUSES: dict[str, Cause] = {"bounced": "bounced", "complained": "complained"}
# The signature covers both, concatenated. Fixed lengths prevent moving a digit from one to the other.
_TIMESTAMP, _TOKEN = re.compile(r"[0-9]{10}"), re.compile(r"[0-9A-Za-z]{50}")


def read_own(report: Report, token: str) -> Bounce | None:
    """Read `{"address", "cause": "bounced" | "complained", "at"?}` with a bearer token. `at` is ISO 8601; default: now.

    Returns None for any other content. Raises Forged.
    """
    if not is_bearer(report, token):
        raise Forged
    found = _object(report.body)
    cause, at = _CAUSES.get(_text(found, "cause")), _moment(found.get("at", ""))
    if cause is None or at is None:
        return None
    return _bounce(_text(found, "address"), cause, at)


def read_mailgun(report: Report, token: str) -> Bounce | None:
    """Read Mailgun's report; `token` is its HTTP webhook signing key. None for temporary failures. Raises Forged.

    The signature covers a time and a random token, but not the report. An attacker who sees a signature could attach
    it to another report, so each token is accepted once, within twelve hours. Call this in the transaction that
    stores the bounce.
    """
    found = _object(report.body)
    seal, data = _part(found, "signature"), _part(found, "event-data")
    at = _signed_at(seal, token)
    digest = hashlib.sha256(f"mailgun:{_text(seal, 'token')}".encode()).digest()
    if not spend_once(digest, until=at + OLDEST_SIGNATURE + FASTEST_CLOCK):
        return None
    causes: dict[tuple[str, str], Cause] = {("failed", "permanent"): "bounced", ("complained", ""): "complained"}
    cause = causes.get((_text(data, "event"), _text(data, "severity")))
    return _bounce(_text(data, "recipient"), cause, at) if cause else None


def _signed_at(seal: dict[str, Any], key: str) -> datetime:
    """The time of a valid signature. Raises Forged."""
    stamp, token = _text(seal, "timestamp"), _text(seal, "token")
    if not key or not _TIMESTAMP.fullmatch(stamp) or not _TOKEN.fullmatch(token):
        raise Forged
    expected = hmac.digest(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hex()
    if not constant_time_compare(_text(seal, "signature"), expected):
        raise Forged
    at = datetime.fromtimestamp(int(stamp), UTC)
    if not -FASTEST_CLOCK <= timezone.now() - at <= OLDEST_SIGNATURE:
        raise Forged
    return at


type Reader = Callable[[Report, str], Bounce | None]

READERS: dict[str, Reader] = {"bounces": read_own, "mailgun": read_mailgun}


def _bounce(address: str, cause: Cause, at: datetime) -> Bounce | None:
    now = timezone.now()
    if not 3 <= len(address) <= 254 or "@" not in address or now - at > OLDEST_BOUNCE:
        return None
    return Bounce(address=address, market="", cause=cause, at=min(at, now))


def _object(body: bytes) -> dict[str, Any]:
    try:
        return read_object(body)
    except ValueError:
        return {}


def _part(found: dict[str, Any], key: str) -> dict[str, Any]:
    part = found.get(key)
    return part if isinstance(part, dict) else {}


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key, "")
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def _moment(text: object) -> datetime | None:
    if text == "":
        return timezone.now()
    if not isinstance(text, str):
        return None
    try:
        at = parse_datetime(text)
        return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
