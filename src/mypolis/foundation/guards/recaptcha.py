"""reCAPTCHA v3: Google judges whether a person fills in a form. `docs/decisions/recaptcha.md` discusses its value.

Source: developers.google.com/recaptcha/docs/v3, /docs/verify and, for the content security policy, /docs/faq.
"""

import hashlib
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import httpx
import structlog
from django.conf import settings
from django.utils import timezone

from mypolis.foundation.guards.flows import spend_once
from mypolis.foundation.lib.json_reader import read_object

type Opinion = Literal["person", "robot", "none"]

TIMEOUT_SECONDS = 2.0
REST_SECONDS = 30.0
TOKEN_LIFE = timedelta(minutes=10)  # Google's tokens live two minutes; ours must only be longer
PARTS = "https://www.gstatic.com/recaptcha/"  # Google's script loads further scripts from here
FRAMES = "https://recaptcha.google.com/recaptcha/"

# Google's error codes for mistakes in our configuration, not for the person.
_OUR_FAULTS = frozenset({"missing-input-secret", "invalid-input-secret", "bad-request"})

_log = structlog.get_logger(__name__)
_client = httpx.Client(timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=1.0), follow_redirects=False)
_away_until = 0.0  # by the monotonic clock of this process


class _NoAnswer(Exception):
    """Google's answer has no verdict. The text says what came instead."""


def is_away() -> bool:
    """Whether a request to Google failed recently, so that pages and checks do not use it for a while."""
    return time.monotonic() < _away_until


def opinion_of(token: str, *, action: str) -> Opinion:
    """Return Google's verdict on a token that was sent with a form of this action. Each token is accepted once.

    Returns "none" if Google is unavailable or our keys are wrong. The caller must not treat it as "person".
    """
    if not spend_once(hashlib.sha256(f"recaptcha:{token}".encode()).digest(), until=timezone.now() + TOKEN_LIFE):
        return "robot"
    if is_away():
        return "none"
    try:
        found = _ask(token)
    except _NoAnswer as error:
        _leave_alone(str(error))
        return "none"
    doubt = _doubt(found, action)
    if doubt:
        _log.info("recaptcha.refused", doubt=doubt)
    return "robot" if doubt else "person"


def policy() -> dict[str, Sequence[str]]:
    """Return the content security policy for a page that loads Google's script. It allows nothing else.

    The policy omits trusted types, because Google's script creates further scripts from URLs, which they forbid.
    """
    here = settings.MYPOLIS.recaptcha_script_url.rpartition("/")[0] + "/"
    everywhere = cast("Mapping[str, list[str]]", settings.SECURE_CSP)
    opened: dict[str, Sequence[str]] = {
        "script-src": [*everywhere["script-src"], here, PARTS],
        "connect-src": [*everywhere["connect-src"], here],
        "frame-src": [here, FRAMES],
    }
    return {name: sources for name, sources in everywhere.items() if "trusted-types" not in name} | opened


def _ask(token: str) -> Mapping[str, Any]:
    """Request Google's answer. Raises _NoAnswer. We do not send the person's IP address: it is optional."""
    config = settings.MYPOLIS
    form = {"secret": config.recaptcha_secret_key or "", "response": token}
    try:
        answer = _client.post(config.recaptcha_verify_url, data=form)
        found = read_object(answer.content) if answer.is_success else {}
    except httpx.HTTPError as error:
        raise _NoAnswer(type(error).__name__) from None
    except ValueError:
        raise _NoAnswer("no json") from None
    if not isinstance(found.get("success"), bool):
        raise _NoAnswer(f"http {answer.status_code}")
    if faults := _OUR_FAULTS & _codes(found):
        raise _NoAnswer(min(faults))
    return found


def _doubt(found: Mapping[str, Any], action: str) -> str:
    """Return why the answer does not confirm a person, or "" if it does."""
    score = found.get("score")
    if found["success"] is not True:
        return "not good"
    if found.get("hostname") not in _our_hosts():
        return "of another site"
    if found.get("action") != action:
        return "for another form"
    if not isinstance(score, int | float) or isinstance(score, bool) or score < settings.MYPOLIS.recaptcha_least_score:
        return "a low score"
    return ""


def _codes(found: Mapping[str, Any]) -> set[str]:
    codes = found.get("error-codes")
    return {code for code in codes if isinstance(code, str)} if isinstance(codes, list) else set()


def _our_hosts() -> set[str | None]:
    named = {host for host in settings.MYPOLIS.allowed_hosts if not host.startswith((".", "*"))}
    return {urlsplit(settings.MYPOLIS.public_url).hostname, *named}


def _leave_alone(why: str) -> None:
    global _away_until  # noqa: PLW0603 - state of this process
    _away_until = time.monotonic() + REST_SECONDS
    _log.warning("recaptcha.away", why=why, seconds=REST_SECONDS)
