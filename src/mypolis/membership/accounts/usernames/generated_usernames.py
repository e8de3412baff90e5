"""Generated usernames: short, readable, without look-alike characters, and with nothing about the person."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mypolis.foundation.markets import market as profile_of
from mypolis.membership.accounts.models import Username

_CONSONANTS = "bdfgkmnprstvz"
_VOWELS = "aeu"
_DIGITS = "23456789"
_TRIES = 20


def reserve_username(market: str) -> str:
    """Reserve a username that nobody has or ever had. Its row is never deleted, so it is never issued again."""
    for _attempt in range(_TRIES):
        value = _invent()
        try:
            with transaction.atomic():
                Username.objects.create(market=market, value=value)
        except IntegrityError:
            continue
        return value
    raise RuntimeError("no free username found")


def accepted_usernames(since: datetime) -> QuerySet[Username]:
    """Usernames that are accepted at sign-in: the newest one of each account, and those replaced after `since`."""
    return Username.objects.filter(Q(replaced_at=None) | Q(replaced_at__gt=since))


def old_names_since(market: str) -> datetime:
    """A replaced username is still accepted if it was replaced after this time."""
    return timezone.now() - profile_of(market).old_username_life


def _invent() -> str:
    """Three syllables and four digits, such as `kadusa4826`: about 240 million per market."""
    syllables = "".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(3))
    return syllables + "".join(secrets.choice(_DIGITS) for _ in range(4))
