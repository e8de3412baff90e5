"""Usernames that the system makes: short, readable, without look-alike characters, telling nothing of the person."""

import secrets

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mypolis.foundation.lib.text.folding import fold_username
from mypolis.foundation.markets import market as profile_of
from mypolis.membership.accounts.models import Username

_CONSONANTS = "bdfgkmnprstvz"
_VOWELS = "aeu"
_DIGITS = "23456789"
_TRIES = 20


def reserve_username(market: str) -> str:
    """A username that nobody has or ever had; its row stays for good, so that it is never given out again."""
    for _attempt in range(_TRIES):
        value = _invent()
        try:
            with transaction.atomic():
                Username.objects.create(market=market, value=value)
        except IntegrityError:
            continue
        return value
    raise RuntimeError("no free username found")


def names_that_sign_in(market: str, typed: str) -> QuerySet[Username]:
    """The username that was typed, as long as it signs in: the newest one always, an old one for its life."""
    honoured_since = timezone.now() - profile_of(market).old_username_life
    stands = Q(replaced_at=None) | Q(replaced_at__gt=honoured_since)
    return Username.objects.filter(stands, market=market, value=fold_username(typed))


def _invent() -> str:
    """Three syllables and four digits, such as `kadusa4826`: some 240 million of them a market."""
    syllables = "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(3))
    return syllables + "".join(secrets.choice(_DIGITS) for _ in range(4))
