"""The counter's side: somebody has a code and asks whether the cover behind it is in force now.

docs/decisions/card-codes.md says what a stranger may learn.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import LimitReached, left, network_of, spend, spend_address
from mypolis.foundation.guards.limits import Limit
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.ecard.cards import initials
from mypolis.insurance.ecard.counter.card_codes import Code, Use, read_code
from mypolis.insurance.ecard.counter.check_history import looker_of
from mypolis.insurance.ecard.counter.proxy_codes import Signer, signer_of
from mypolis.insurance.ecard.event_kinds import CardEvent
from mypolis.insurance.ecard.limits import (
    CARD_CHECKS,
    CARD_CHECKS_PER_ADDRESS,
    GOOD_CARD_CHECKS_PER_ADDRESS,
    OTHER_CARD_CHECKS,
)
from mypolis.insurance.ecard.models import Card, Letter, Look, LookOutcome, Outcome, minute_of

GONE: tuple[Outcome, ...] = ("expired", "replaced")

# The new row's id, or the outcome of an earlier check of the same code, place and minute.
_LOOK = """
    WITH written AS (
        INSERT INTO ecard_look (membership_id, use, outcome, looker, code_hash, place, minute, at)
        VALUES (%(membership)s, %(use)s, %(outcome)s, %(looker)s, %(code)s, %(place)s, %(minute)s, %(at)s)
        ON CONFLICT (code_hash, place, minute) DO NOTHING RETURNING id
    )
    SELECT id, '' FROM written UNION ALL
    SELECT NULL, outcome FROM ecard_look WHERE code_hash = %(code)s AND place = %(place)s AND minute = %(minute)s
"""


class UnknownCode(Exception):
    """No card of this market made this code: it is forged, damaged, from another market, or its card never existed."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The answer for a genuine code. `initials` and `plan` are empty unless the outcome allows showing them.

    `elsewhere` counts the checks of the same code from other places, and `first_elsewhere` is the first of them: a copy
    may be circulating. Printed codes are meant for many readers, so for them it is 0.
    """

    outcome: Outcome
    use: Use
    made_at: datetime
    checked_at: datetime
    initials: str = ""
    plan: str = ""
    elsewhere: int = 0
    first_elsewhere: datetime | None = None


def check_card(*, text: str, market: str, by: Actor, is_look: bool = True) -> Checked:
    """Judge a code now, and record the check for the member, once a minute per place.

    The code is judged before anything is counted, so that expired codes never use up the limits of valid ones.
    `is_look` is False if nobody sees the answer (HEAD). Raises UnknownCode, LimitReached.
    """
    code = read_code(text)
    card = _card(code, market) if code else None
    signer = signer_of(code, card) if code and card else None
    if code is None or card is None or signer is None:
        raise unknown_code(market=market, by=by)
    now = timezone.now()
    outcome = _outcome(code, card, signer, now)
    count_check(card, use=code.use, outcome=outcome, code=code.digest, by=by, is_look=is_look)
    return _answer(code, card, outcome, now, place_of(by))


def unknown_code(*, market: str, by: Actor) -> UnknownCode:
    """Count an unknown code, and return the error to raise. Raises LimitReached."""
    spend_address(CARD_CHECKS_PER_ADDRESS, by=by, market=market)
    return UnknownCode()


def count_check(
    subject: Card | Letter,
    *,
    use: Use | Literal["letter"],
    outcome: Outcome,
    code: bytes,
    by: Actor,
    is_look: bool,
) -> None:
    """Count a check against the caller's address and the cover, and record it with an event.

    Each use of codes has its own counter, so that a copied letter or paper card cannot block the code on the phone.
    Codes that are no longer valid do not use up the limits of valid ones. Raises LimitReached; the check is recorded
    anyway.
    """
    limit = CARD_CHECKS_PER_ADDRESS if outcome in GONE else GOOD_CARD_CHECKS_PER_ADDRESS
    refusal: LimitReached | None = None
    try:
        spend_address(limit, by=by, market=subject.market)
    except LimitReached as reached:
        refusal = reached
    if is_look:
        refusal = _record_check(subject, use=use, outcome=outcome, code=code, by=by, refusal=refusal)
    if refusal is not None:
        raise refusal


@transaction.atomic
def _record_check(
    subject: Card | Letter,
    *,
    use: Use | Literal["letter"],
    outcome: Outcome,
    code: bytes,
    by: Actor,
    refusal: LimitReached | None,
) -> LimitReached | None:
    """Record the check; returns the refusal of the address limit, else that of the cover limit."""
    now, membership = timezone.now(), subject.membership
    counted, is_gone = f"{membership.pk}:{use}", outcome in GONE
    look: dict[str, Any] = {"membership": membership.pk, "use": use, "outcome": outcome, "code": code}
    look["looker"] = looker_of(by, membership)
    look |= {"place": place_of(by), "at": now, "minute": minute_of(now)}
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, look)
        look_id, before = cursor.fetchone() or (None, "")
    if look_id is None:
        return refusal or (_still_refused(counted, market=subject.market) if before == "limited" else None)
    if not is_gone:
        refusal = refusal or _spent(CARD_CHECKS, counted, market=subject.market)
    recorded: LookOutcome = "limited" if refusal and not is_gone else outcome
    if refusal or is_gone:
        written = Look.objects.filter(pk=look_id)
        if _spent(OTHER_CARD_CHECKS, f"{membership.pk}:{'gone' if is_gone else 'limited'}", market=subject.market):
            written.delete()  # so many checks that more rows tell the member nothing
            return refusal
        written.update(outcome=recorded)
    kind = CardEvent.LETTER_CHECKED if use == "letter" else CardEvent.CARD_CHECKED
    record(kind, market=subject.market, by=by, subject=subject, use=use, outcome=recorded)
    return refusal


def _still_refused(counted: str, *, market: str) -> LimitReached | None:
    """The earlier refusal, unless an operator has reset the limit since."""
    tally = left(CARD_CHECKS, counted, market=market)
    return None if tally.left else LimitReached(CARD_CHECKS, tally.until)


def _spent(limit: Limit, subject: str, *, market: str) -> LimitReached | None:
    """Count a use; returns the refusal if the limit is exceeded."""
    try:
        spend(limit, subject, market=market)
    except LimitReached as refusal:
        return refusal
    return None


def place_of(by: Actor) -> bytes:
    """8 bytes that identify the caller's network and cannot be reversed."""
    return salted_hmac("mypolis.ecard.place", network_of(by.address), algorithm="sha256").digest()[:8]


def _card(code: Code, market: str) -> Card | None:
    rows = Card.objects.filter(pk=code.card_id, market=market)
    return rows.select_related("membership__policy", "membership__person").first()


def _outcome(code: Code, card: Card, signer: Signer, now: datetime) -> Outcome:
    """The first outcome that applies: an old photo of a code reveals nothing about the card's later state."""
    if code.is_expired_at(now) or signer.is_over_at(now, code):
        return "expired"
    if card.revoked_at is not None:
        return "replaced"
    return "active" if card.membership.status_on(profile_of(card.market).today()) == "active" else "not_active"


def _answer(code: Code, card: Card, outcome: Outcome, now: datetime, place: bytes) -> Checked:
    bare = Checked(outcome=outcome, use=code.use, made_at=code.made_at, checked_at=now)
    if outcome in GONE:
        return bare
    elsewhere, first = (0, None) if code.use == "print" else _elsewhere(code, place)
    return Checked(
        outcome=outcome,
        use=code.use,
        made_at=code.made_at,
        checked_at=now,
        initials=initials(card.membership),
        plan=card.membership.plan if outcome == "active" else "",
        elsewhere=elsewhere,
        first_elsewhere=first,
    )


def _elsewhere(code: Code, place: bytes) -> tuple[int, datetime | None]:
    looks = Look.objects.with_code_elsewhere(code.digest, place)
    found = looks.aggregate(count=Count("id"), first=Min("at"))
    return found["count"], found["first"]
