"""Challenges: random bytes that the device signs. They carry their own end and purpose, so a page stores nothing.

Layout: 16 random bytes, the end in seconds (8 bytes), 16 bytes of HMAC. A challenge is good once and for five minutes.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mypolis.foundation.guards.flows import spend_once

LIFE = timedelta(minutes=5)
_RANDOM, _END, _MAC = 16, 8, 16


def new_challenge(purpose: str) -> bytes:
    """A challenge for one purpose, such as "get:desk" or "create:desk:7"."""
    end = int((timezone.now() + LIFE).timestamp())
    body = secrets.token_bytes(_RANDOM) + end.to_bytes(_END, "big")
    return body + _mac(body, purpose)


def is_ours(challenge: bytes, purpose: str) -> bool:
    """Whether we made it for this purpose, and it is not too old."""
    body, mac = challenge[: _RANDOM + _END], challenge[_RANDOM + _END :]
    if len(challenge) != _RANDOM + _END + _MAC or not hmac.compare_digest(mac, _mac(body, purpose)):
        return False
    return int.from_bytes(body[_RANDOM:], "big") > timezone.now().timestamp()


def use_up(challenge: bytes) -> bool:
    """Mark a challenge of ours as used. Returns False if it was used before, also for two requests at once."""
    end = datetime.fromtimestamp(int.from_bytes(challenge[_RANDOM : _RANDOM + _END], "big"), tz=UTC)
    return spend_once(hashlib.sha256(b"passkey:" + challenge).digest(), until=end)


def _mac(body: bytes, purpose: str) -> bytes:
    salt = f"mypolis.factors.challenge:{purpose}"
    return salted_hmac(salt, body, secret=settings.SECRET_KEY, algorithm="sha256").digest()[:_MAC]
