"""Hashes passwords, and decides which are refused and why. Source: OWASP ASVS 5.0 V6.2, NIST SP 800-63B-4."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings
from django.utils.translation import gettext as _

from mypolis.foundation.factors.passwords.breached_passwords import is_breached
from mypolis.foundation.factors.passwords.common_passwords import is_common
from mypolis.foundation.factors.passwords.strength import is_easy
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.keyring import KeyRingError
from mypolis.foundation.web.form_fields.fields import LONGEST_PASSWORD, Hint

FEWEST_DIFFERENT = 5  # different characters
_SHORTEST_TOKEN = 4
_FEWEST_OF_ONES_OWN = 8  # letters and digits that must remain without the person's own words


@cache
def _hasher() -> PasswordHasher:
    config = settings.MYPOLIS
    return PasswordHasher(time_cost=config.argon2_passes, memory_cost=config.argon2_memory_kib, parallelism=1)


def hash_password(password: str) -> str:
    """`<pepper's key id>$<argon2id hash>` of a password; costs one hash."""
    key_id, pepper = keyring.current().pepper()
    return f"{key_id}{_hasher().hash(_peppered(password, pepper))}"


def verify_password(password: str, stored: str | None) -> bool:
    """Whether a password is the stored one. Costs exactly one hash, even when nothing is stored."""
    if stored is None:
        _verify(password, _dummy(keyring.current().pepper()[0]))
        return False
    return _verify(password, stored)


def needs_rehash(stored: str) -> bool:
    """Whether the parameters or the pepper changed since this was hashed."""
    key_id, _dollar, encoded = stored.partition("$")
    return key_id != keyring.current().pepper()[0] or _hasher().check_needs_rehash(f"${encoded}")


def hints(*, min_length: int) -> list[Hint]:
    """The rules as a page shows them during typing, in the order in which people meet them."""
    return [
        Hint("length", _("At least %(count)d characters") % {"count": min_length}),
        Hint("easy", _("Hard to guess: a few words that do not belong together")),
        Hint("personal", _("Does not contain your name, dates, numbers or addresses")),
    ]


def measures(*, min_length: int) -> dict[str, int]:
    """The thresholds that `problems` uses, for the page's script to use as well."""
    return {
        "least": min_length,
        "most": LONGEST_PASSWORD,
        "signs": FEWEST_DIFFERENT,
        "token": _SHORTEST_TOKEN,
        "rest": _FEWEST_OF_ONES_OWN,
    }


def length_problems(password: str, *, least: int) -> list[tuple[str, str]]:
    """(code, sentence) when a password is too short or too long; otherwise empty."""
    length = len(unicodedata.normalize("NFKC", password))
    if length < least:
        message = _("Use at least %(count)d characters. Several words in a row are easy to remember.")
        return [("too_short", message % {"count": least})]
    if length > LONGEST_PASSWORD:
        return [("too_long", _("Use at most %(count)d characters.") % {"count": LONGEST_PASSWORD})]
    return []


def problems(password: str, *, min_length: int, personal: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The reasons to refuse a password, as (code, sentence); empty when it is acceptable.

    `personal` are words from the person's own data: names, birth date, numbers, contact points. A password of the
    wrong length is not checked further, which limits the work.
    """
    if found := length_problems(password, least=min_length):
        return found
    text = unicodedata.normalize("NFKC", password)
    words = sorted({word for text_ in personal for word in _tokens(text_)}, key=len, reverse=True)
    if _is_personal(text, words):
        return [("personal", _("Do not use your name, dates, numbers or addresses in the password."))]
    if _is_easy(text, words):
        return [("too_easy", _("This password is easy to guess. Add a few words that do not belong together."))]
    if is_breached(text):
        return [("breached", _("This password has appeared in a data leak elsewhere. Please choose another one."))]
    return []


def _is_personal(password: str, words: list[str]) -> bool:
    """Whether hardly anything remains after the person's own words are removed."""
    rest = password.casefold()
    for word in words:
        rest = rest.replace(word, "")
    letters = sum(character.isalnum() for character in rest)
    return rest != password.casefold() and letters < _FEWEST_OF_ONES_OWN


def _is_easy(password: str, words: list[str]) -> bool:
    return len(set(password)) < FEWEST_DIFFERENT or is_common(password) or is_easy(password, words)


def _tokens(text: str) -> Iterable[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    for part in {folded, *"".join(character if character.isalnum() else " " for character in folded).split()}:
        if len(part) >= _SHORTEST_TOKEN:
            yield part


def _verify(password: str, stored: str) -> bool:
    key_id, _dollar, encoded = stored.partition("$")
    try:
        _id, pepper = keyring.current().pepper(key_id)
        return _hasher().verify(f"${encoded}", _peppered(password, pepper))
    except (VerificationError, InvalidHashError, KeyRingError):
        return False


def _peppered(password: str, pepper: bytes) -> bytes:
    return hmac.digest(pepper, unicodedata.normalize("NFKC", password).encode("utf-8", "replace"), hashlib.sha256)


@cache
def _dummy(key_id: str) -> str:
    """A stored hash that matches no password. Verifying it costs one hash as usual; making it costs none."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    config = settings.MYPOLIS
    return f"{key_id}$argon2id$v=19$m={config.argon2_memory_kib},t={config.argon2_passes},p=1${salt}${digest}"
