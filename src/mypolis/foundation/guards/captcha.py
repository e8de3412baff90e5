"""The captcha: the browser solves an ALTCHA proof of work or, without scripts, the person waits a few seconds.

Each proof can be used once. If the market's profile chooses reCAPTCHA, Google's verdict is used first; our own proof
counts only if Google gives no verdict.
"""

import base64
import binascii
import hashlib
from datetime import UTC, datetime, timedelta
from typing import cast

from altcha import v1 as altcha
from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from mypolis.foundation.events import Actor
from mypolis.foundation.guards import recaptcha
from mypolis.foundation.guards.flows import spend_address, spend_once
from mypolis.foundation.guards.limits import WAITED_FORMS
from mypolis.foundation.lib.json_reader import read_object
from mypolis.foundation.markets import market as profile_of

HARDEST = 50_000
LIFE = timedelta(minutes=20)
WAIT = timedelta(seconds=5)
_FORM = "form:"
_GOOGLES = "recaptcha:"


def challenge(market: str) -> dict[str, str | int]:
    """Create a challenge: `{"algorithm","challenge","salt","signature","maxnumber"}`."""
    options = altcha.ChallengeOptions(
        algorithm="SHA-256",
        max_number=HARDEST,
        hmac_key=_key(market),
        expires=timezone.now() + LIFE,
    )
    made = altcha.create_challenge(options)
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "salt": made.salt,
        "signature": made.signature,
        "maxnumber": made.max_number,
    }


def signed_form(market: str) -> str:
    """Create the token for a page without scripts. It is valid after `WAIT` and until `LIFE` has passed."""
    made = {"nonce": get_random_string(12), "at": timezone.now().timestamp()}
    return signing.dumps(made, salt=_form_salt(market))


def asks_google(market: str) -> bool:
    """Whether pages of this market should use reCAPTCHA now."""
    return profile_of(market).captcha_by == "recaptcha" and not recaptcha.is_away()


def is_human(payload: str, *, market: str, by: Actor, action: str = "") -> bool:
    """Whether a payload is a valid proof of work or wait that was not used before. Raises LimitReached (waited forms).

    The payload `recaptcha:TOKEN PROOF` holds Google's token for a form with this `action`, and our own proof, which
    counts if Google gives no verdict. In a market with reCAPTCHA, a proof of work alone is limited like a waited form.
    """
    token, _space, own = (
        payload.removeprefix(_GOOGLES).partition(" ") if payload.startswith(_GOOGLES) else ("", "", payload)
    )
    if token and asks_google(market):
        opinion = recaptcha.opinion_of(token, action=action)
        if opinion != "none":
            return opinion == "person"
    if own.startswith(_FORM):
        return _has_waited(own.removeprefix(_FORM), market, by)
    return _has_worked(own, market, by)


def _has_worked(payload: str, market: str, by: Actor) -> bool:
    try:
        solution = read_object(base64.b64decode(payload, validate=True))
        right, _reason = altcha.verify_solution(cast("altcha.PayloadType", solution), _key(market), check_expires=True)
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):  # values may have any type
        return False
    if not right:
        return False
    if asks_google(market):
        spend_address(WAITED_FORMS, by=by, market=market)
    # We record the challenge, not the payload: one challenge can be encoded as many different payloads.
    digest = hashlib.sha256(f"altcha:{solution['challenge']}".encode()).digest()
    return spend_once(digest, until=timezone.now() + LIFE)


def _has_waited(form: str, market: str, by: Actor) -> bool:
    try:
        made = signing.loads(form, salt=_form_salt(market))
    except (signing.BadSignature, UnicodeError):
        return False
    made_at = datetime.fromtimestamp(made["at"], tz=UTC)
    if not WAIT <= timezone.now() - made_at <= LIFE:
        return False
    spend_address(WAITED_FORMS, by=by, market=market)
    return spend_once(hashlib.sha256(f"form:{form}".encode()).digest(), until=timezone.now() + LIFE)


def _form_salt(market: str) -> str:
    return f"mypolis.guards.captcha:{market}"


def _key(market: str) -> str:
    return salted_hmac("mypolis.guards.altcha", market, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
