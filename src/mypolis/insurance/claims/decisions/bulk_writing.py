"""Writes the decisions of a batch of claims: a few statements for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.receiving import seal_all_until
from mypolis.foundation.lib.postgres.copied_rows import copy_rows
from mypolis.insurance.claims.decisions.batch import Outcome
from mypolis.insurance.claims.decisions.rows import decided_lines
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle import clock, states
from mypolis.insurance.claims.lifecycle.sentences import sentence_for
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, DecidedLine, Decision, Payment, StateChange
from mypolis.insurance.coverage.ledger.entries import write_decided
from mypolis.insurance.coverage.models import Entry

TELL = "claims.tell"  # in `jobs`
_UPDATE = """
    UPDATE claims_claim AS claim SET
        state = new.state, version = new.version, touched_at = %s, decided_at = %s, appeal_until = new.appeal_until,
        promised_by = NULL, promise_left = NULL, answer_by = NULL
    FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::date[]) AS new (id, state, version, appeal_until)
    WHERE claim.id = new.id
"""


@dataclass
class DecidedClaim:
    """A locked claim with what the rules decided, and the entries that the ledger gets for it."""

    claim: Claim
    outcome: Outcome
    state: State
    number: int
    entries: Sequence[Entry]


@dataclass
class _Rows:
    decisions: list[Decision] = field(default_factory=list)
    lines: list[DecidedLine] = field(default_factory=list)
    changes: list[StateChange] = field(default_factory=list)
    told: list[StateChange] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)


def write(decided: Sequence[DecidedClaim], *, by: Actor) -> None:
    """Write decisions, ledger, payments, states and events, inside the caller's transaction; queue the news."""
    if not decided:
        return
    now = timezone.now()
    rows = _Rows()
    for one in decided:
        _decision(one, rows, now=now, by=by)
        _move(one.claim, one.state, rows, now=now, by=by)
        if one.outcome.granted > 0 and one.claim.origin == "member":
            _payment(one, rows, now=now, by=by)
    copy_rows(rows.decisions)
    for line in rows.lines:
        line.decision = line.decision  # its key is known only now
    for payment in rows.payments:
        payment.decision = payment.decision
    for written in (rows.lines, rows.payments, rows.changes):
        copy_rows(written)
    write_decided([entry for one in decided for entry in one.entries], market=decided[0].claim.market, by=by)
    _update([one.claim for one in decided], now)
    seal_all_until(owners=[one.claim for one in decided], day=decided[0].claim.appeal_until, by=by)
    jobs: list[dict[str, JSONValue]] = [{"change": change.pk} for change in rows.told]
    app.configure_task(TELL, queue="mail").batch_defer(*jobs)


def _decision(one: DecidedClaim, rows: _Rows, *, now: datetime, by: Actor) -> None:
    decision = Decision(
        claim_id=one.claim.pk,
        number=one.number,
        outcome=one.state,
        source="rules",
        at=now,
        recorded_at=now,
        by_kind=by.kind,
        by_id=by.id,
    )
    rows.decisions.append(decision)
    rows.lines += decided_lines(decision, one.outcome)
    record(
        ClaimEvent.CLAIM_DECIDED,
        market=one.claim.market,
        by=by,
        subject=one.claim,
        outcome=str(one.state),
        number=one.number,
        source="rules",
    )


def _move(claim: Claim, to: State, rows: _Rows, *, now: datetime, by: Actor) -> None:
    """Note a change of state, as `changing.move` writes it for one claim."""
    before = claim.in_state
    is_ours = to == State.TO_BE_PAID
    rule = states.CHANGES[before][to]
    claim.state = to
    clock.follow(claim, before, rule.clock, now=now)
    claim.version += 1
    change = StateChange(
        claim_id=claim.pk,
        before=before,
        after=to,
        at=now,
        by_kind="system" if is_ours else by.kind,
        by_id="" if is_ours else by.id,
        sentences=_sentences(claim.market, to),
    )
    rows.changes.append(change)
    rows.told += [change] if rule.told else []
    record(
        ClaimEvent.CLAIM_CHANGED, market=claim.market, by=by, subject=claim, before=str(before), after=str(to), code=""
    )


def _payment(one: DecidedClaim, rows: _Rows, *, now: datetime, by: Actor) -> None:
    claim = one.claim
    rows.payments.append(
        Payment(
            claim_id=claim.pk,
            decision=rows.decisions[-1],
            amount=one.outcome.granted,
            currency=one.outcome.currency,
            shown=claim.pay_to.shown if claim.pay_to else "",
            created_at=now,
        )
    )
    record(ClaimEvent.CLAIM_PAYMENT_CHANGED, market=claim.market, by=by, subject=claim, state=Payment.TO_BE_PAID)
    _move(claim, State.TO_BE_PAID, rows, now=now, by=by)


def _update(claims: Sequence[Claim], now: datetime) -> None:
    columns = (
        [claim.pk for claim in claims],
        [str(claim.state) for claim in claims],
        [claim.version for claim in claims],
        [claim.appeal_until for claim in claims],
    )
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [now, now, *columns])


@lru_cache(maxsize=256)
def _sentences(market: str, to: State) -> Mapping[str, str]:
    """What members read about a decision without a code: the same for every claim of a market."""
    claim = Claim(market=market)
    found = {}
    for language in claim.profile.languages:
        with translation.override(language):
            found[language] = sentence_for(claim, to, "", {})
    return found
