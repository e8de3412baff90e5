"""The parts of issuing, recognising and ending that are the same for every kind of token. Rooms record the events."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from mypolis.foundation.lib.crypto.tokens import hash_token
from mypolis.foundation.program_tokens.models import ProgramToken
from mypolis.foundation.program_tokens.rights import LONGEST_LIFE

_USED_EVERY = timedelta(minutes=1)


def fill[Token: ProgramToken](
    token: Token, *, may: Collection[str], life: timedelta, token_hash: bytes, known: Collection[str]
) -> Token:
    """Fill in a new token that works from now on, and save it. Returns it.

    Raises ValueError for a right that is not `known`, or a life longer than `LONGEST_LIFE`.
    """
    if not set(may) <= set(known) or not timedelta() < life <= LONGEST_LIFE:
        raise ValueError("unknown right, or lifetime too long")
    token.may, token.token_hash = sorted(set(may)), token_hash
    token.issued_at = timezone.now()
    token.ends_at = token.issued_at + life
    token.save()
    return token


def end[Token: ProgramToken](tokens: QuerySet[Token], *, token_id: int, now: datetime) -> Token | None:
    """End one of these tokens at once. Returns it; None if it is not among them, or was ended or has expired."""
    active = tokens.filter(ended_at__isnull=True, ends_at__gt=now, pk=token_id)
    token = active.select_for_update(of=("self",)).first()
    if token is not None:
        token.ended_at = now
        token.save(update_fields=["ended_at"])
    return token


def recognise[Token: ProgramToken](tokens: QuerySet[Token], *, text: str, now: datetime) -> Token | None:
    """Return the one of these tokens that has this text, and note about once a minute that it is used."""
    token = tokens.filter(token_hash=hash_token(text)).first()
    if token is not None and (token.last_used_at is None or now - token.last_used_at > _USED_EVERY):
        token.last_used_at = now
        token.save(update_fields=["last_used_at"])
    return token
