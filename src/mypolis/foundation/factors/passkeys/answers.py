"""Reads what the browser sent, before the library sees it."""

import base64
import binascii
import json
from typing import Any

from webauthn.helpers.exceptions import WebAuthnException

_LARGEST = 16 * 1024
UNREADABLE = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError)
"""What the library raises for answers that it refuses or cannot read: for odd attestations not only its own errors."""


class PasskeyRefused(Exception):
    """The answer is refused. `code`: malformed, refused, unknown, removed, suspect or other-door."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_answer(sent: str) -> dict[str, Any]:
    """The JSON object that a browser made of a credential. Raises PasskeyRefused("malformed")."""
    if len(sent) > _LARGEST:
        raise PasskeyRefused("malformed")
    try:
        answer = json.loads(sent)
    except (ValueError, RecursionError):
        raise PasskeyRefused("malformed") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict):
        raise PasskeyRefused("malformed")
    return answer


def client_data_of(answer: dict[str, Any]) -> dict[str, Any]:
    """What the browser says that it asked the device. Raises PasskeyRefused("malformed")."""
    try:
        client = json.loads(decoded(answer["response"]["clientDataJSON"]))
    except (KeyError, ValueError, RecursionError):
        raise PasskeyRefused("malformed") from None
    if not isinstance(client, dict) or client.get("crossOrigin") not in (None, False):
        raise PasskeyRefused("malformed")
    return client


def challenge_in(answer: dict[str, Any]) -> bytes:
    """The challenge that was signed. Raises PasskeyRefused("malformed")."""
    return decoded(client_data_of(answer).get("challenge"))


def decoded(text: object) -> bytes:
    """The bytes of base64url without padding. Raises PasskeyRefused("malformed")."""
    if not isinstance(text, str):
        raise PasskeyRefused("malformed")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise PasskeyRefused("malformed") from None
