"""Writes a list of claims, some rows at a time: memory stays small however many claims there are.

A list has no names, no benefits and no diagnoses; numbers of policies and participants are masked. So it is not health
data, and nobody can be found with it but by staff who may see the claim.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.flows import store
from mypolis.foundation.lib.tables.safe_csv import Cell, csv_lines
from mypolis.foundation.lib.text.masking import mask_tail
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.claims.models import Claim, ClaimQuerySet
from mypolis.offices.reports.event_kinds import ReportEvent
from mypolis.offices.reports.models import ClaimList
from mypolis.offices.reports.sums.spans import Span

MOST_ROWS = 250_000
_AT_ONCE = 2_000
_FIELDS = (
    *("number", "state", "origin", "sent_at", "promised_by", "decided_at", "billed", "billed_in"),
    *("membership__policy__number", "membership__participant_number"),
)
_COLUMNS = (
    *("number", "state", "origin", "sent", "promised_by", "decided", "billed", "currency"),
    *("policy", "participant"),
)


@transaction.atomic
def write_list(key: int) -> None:
    """Write the file of a list. Does nothing for a list that has its file or is gone. Safe to repeat."""
    found = ClaimList.objects.select_for_update().filter(pk=key, rows=None, too_many=False).first()
    if found is None:
        return
    rows = _claims(found)
    count = rows.order_by()[: MOST_ROWS + 1].count()
    if count > MOST_ROWS:
        found.too_many = True
    else:
        found.rows = count
        _store(found, rows)
    found.save(update_fields=["rows", "too_many"])
    record(ReportEvent.CLAIM_LIST_WRITTEN, market=found.market, by=SYSTEM, subject=found, rows=count)


def mask(number: str) -> str:
    """The last three characters of a number; of a short one fewer, never more than half."""
    return mask_tail(number, keep=min(3, len(number) // 2))


def _store(found: ClaimList, rows: ClaimQuerySet) -> None:
    name = f"claims-{found.market}-{found.first:%Y-%m}.csv"
    content = (line.encode() for line in csv_lines(_table(found, rows)))
    store(
        market=found.market,
        owner=found,
        kind="claim_list",
        name=name,
        media_type="text/csv",
        content=content,
        by=SYSTEM,
    )


def _claims(found: ClaimList) -> ClaimQuerySet:
    span = Span(profile_of(found.market), found.first, found.last)
    return Claim.objects.filter(market=found.market, sent_at__gte=span.begins, sent_at__lt=span.ends).sent()


def _table(found: ClaimList, rows: ClaimQuerySet) -> Iterator[Sequence[Cell]]:
    zone, after = profile_of(found.market).zone, ""

    def day(moment: datetime | None) -> str:
        return "" if moment is None else timezone.localdate(moment, zone).isoformat()

    yield _COLUMNS
    while some := _some(rows, after):
        for number, state, origin, sent, promised, decided, billed, currency, policy, participant in some:
            due = promised.isoformat() if promised else ""
            numbers = (mask(policy), mask(participant))
            yield (number, state, origin, day(sent), due, day(decided), billed, currency, *numbers)
        after = some[-1][0]


def _some(rows: ClaimQuerySet, after: str) -> list[tuple[Any, ...]]:
    return list(rows.filter(number__gt=after).order_by("number").values_list(*_FIELDS)[:_AT_ONCE])
