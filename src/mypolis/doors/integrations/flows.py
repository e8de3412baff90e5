"""Issues, recognises and ends partners' tokens."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mypolis.doors.integrations.event_kinds import PartnerEvent
from mypolis.doors.integrations.models import PartnerToken
from mypolis.doors.integrations.rights import partner_rights
from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.program_tokens import flows as program_tokens

_PREFIX = "mypolis-partner-"  # secret scanners find a leaked token by it


@transaction.atomic
def issue_token(
    *, market: str, partner: str, may: Collection[str], life: timedelta, by: Actor
) -> tuple[PartnerToken, str]:
    """A new token and its text, which is available only now. The partner's other tokens stay valid.

    Raises ValueError for an unknown right, or a life longer than `LONGEST_LIFE`.
    """
    text = new_text()
    token = admit_token(market=market, partner=partner, may=may, life=life, token_hash=hash_token(text), by=by)
    return token, text


def new_text() -> str:
    """Return the text of a token that nobody has yet. It works once its hash is admitted."""
    return f"{_PREFIX}{new_token()}"


@transaction.atomic
def admit_token(
    *, market: str, partner: str, may: Collection[str], life: timedelta, token_hash: bytes, by: Actor
) -> PartnerToken:
    """Let the token with this hash work from now on. Raises ValueError like `issue_token`."""
    token = PartnerToken(market=market, partner=partner)
    program_tokens.fill(token, may=may, life=life, token_hash=token_hash, known=partner_rights())
    record(PartnerEvent.PARTNER_TOKEN_ISSUED, market=market, by=by, subject=token)
    return token


@transaction.atomic
def end_token(*, market: str, token_id: int, by: Actor) -> bool:
    """End a token at once; False if there is no such token, or it is no longer active."""
    token = program_tokens.end(PartnerToken.objects.filter(market=market), token_id=token_id, now=timezone.now())
    if token is None:
        return False
    record(PartnerEvent.PARTNER_TOKEN_ENDED, market=market, by=by, subject=token)
    return True


def recognise(text: str, *, market: str) -> PartnerToken | None:
    """The token with this text, if it is valid in this market now; records that it was used."""
    now = timezone.now()
    return program_tokens.recognise(PartnerToken.objects.active(now).filter(market=market), text=text, now=now)
