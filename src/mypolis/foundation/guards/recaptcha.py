"""reCAPTCHA v3: Google's opinion whether a person fills in a form. `docs/decisions/recaptcha.md` says what it is worth.

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
TOKEN_LIFE = timedelta(minutes=10)  # Google's is two minutes; ours only has to be longer
PARTS = "https://www.gstatic.com/recaptcha/"  # where Google's script gets the rest of itself
FRAMES = "https://recaptcha.google.com/recaptcha/"

# What Google says of us, not of the person.
_OUR_FAULTS = frozenset({"missing-input-secret", "invalid-input-secret", "bad-request"})

_log = structlog.get_logger(__name__)
_client = httpx.Client(timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=1.0), follow_redirects=False)
_away_until = 0.0  # by the monotonic clock of this process


class _NoAnswer(Exception):
    """Nothing came that could be an opinion; the text says what came instead."""


def is_away() -> bool:
    """Whether Google failed us a moment ago, so that neither pages nor checks turn to it for a while."""
    return time.monotonic() < _away_until


def opinion_of(token: str, *, action: str) -> Opinion:
    """What Google thinks of whoever sent this token with a form of this action. A token is asked about once.

    "none" where nothing was learnt: Google is away, or our keys are wrong. It is never a yes.
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
    """The content security policy of a page that loads Google's script: nothing else is let in.

    That script makes further scripts out of addresses, which trusted types forbid; so they are not asked for here.
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
    """Google's answer. Raises _NoAnswer. The person's address stays with us: it is optional there."""
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
    """Why the answer is no yes; "" when it is one."""
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
    global _away_until  # noqa: PLW0603 - what this process learnt
    _away_until = time.monotonic() + REST_SECONDS
    _log.warning("recaptcha.away", why=why, seconds=REST_SECONDS)
