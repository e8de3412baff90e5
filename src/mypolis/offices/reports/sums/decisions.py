"""Sums of the decisions of a day, by benefit.

- `turnaround`: first decisions. `days` counts claims by the days from sending to the decision: {"3": 12}.
- `rates`: first decisions by outcome (`approved`, `partly_approved`, `rejected`); `reopened`, decisions that replaced
  another without an appeal; `answered`, decisions after an appeal, and `won`, those that granted more; `appeals` that
  members made on this day. Nothing is counted by who decided.
- `granted`: for each currency what the decisions grant, minus what the decisions that they replace granted.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import batched
from uuid import UUID

from django.db.models import Max, Sum
from django.utils import timezone

from mypolis.insurance.claims.models import Appeal, Decision
from mypolis.offices.reports.sums.spans import Span

_AT_ONCE = 1_000

type Numbers = dict[str, dict[str, object]]  # by benefit


@dataclass(frozen=True)
class _Row:
    """A decision of the day."""

    claim: UUID
    number: int
    outcome: str
    at: datetime
    benefit: str
    sent_at: datetime | None
    currency: str
    granted: Decimal


@dataclass
class DecisionSums:
    """The sums of a day, each by benefit."""

    turnaround: dict[str, Counter[str]]
    rates: dict[str, Counter[str]]
    granted: dict[str, dict[str, Decimal]]  # by benefit and currency

    def rows(self) -> dict[str, Numbers]:
        """What is stored, by kind."""
        return {
            "turnaround": {key: {"days": dict(days)} for key, days in self.turnaround.items()},
            "rates": {key: dict(counts) for key, counts in self.rates.items()},
        }


def sum_decisions(span: Span) -> DecisionSums:
    """Sum the decisions and appeals of a day."""
    sums = DecisionSums(defaultdict(Counter), defaultdict(Counter), defaultdict(_no_money))
    found = Decision.objects.filter(at__gte=span.begins, at__lt=span.ends, claim__market=span.profile.code)
    annotated = found.annotate(granted=Sum("lines__granted"), currency=Max("lines__currency")).order_by("pk")
    columns = ("claim", "number", "outcome", "at", "claim__benefit", "claim__sent_at", "currency", "granted")
    rows = (
        _Row(claim, number, outcome, at, benefit, sent_at, currency or "", granted or Decimal(0))
        for claim, number, outcome, at, benefit, sent_at, currency, granted in annotated.values_list(
            *columns
        ).iterator()
    )
    for some in batched(rows, _AT_ONCE):
        _add(sums, some, span)
    appeals = Appeal.objects.filter(at__gte=span.begins, at__lt=span.ends, decision__claim__market=span.profile.code)
    for benefit in appeals.values_list("decision__claim__benefit", flat=True).iterator():
        sums.rates[benefit]["appeals"] += 1
    return sums


def _no_money() -> dict[str, Decimal]:
    return defaultdict(Decimal)


def _add(sums: DecisionSums, rows: tuple[_Row, ...], span: Span) -> None:
    before = _decisions_before([row for row in rows if row.number > 1])
    for row in rows:
        rates, granted = sums.rates[row.benefit], sums.granted[row.benefit]
        granted[row.currency] += row.granted
        if row.number == 1:
            rates[row.outcome] += 1
            if row.sent_at is not None:
                sums.turnaround[row.benefit][str(_days(row.sent_at, row.at, span))] += 1
            continue
        was, currency, was_appealed = before.get((row.claim, row.number - 1), (Decimal(0), row.currency, False))
        granted[currency] -= was
        rates["answered" if was_appealed else "reopened"] += 1
        rates["won"] += int(was_appealed and row.granted > was)


def _decisions_before(rows: list[_Row]) -> dict[tuple[UUID, int], tuple[Decimal, str, bool]]:
    """What the replaced decisions granted, in which currency, and whether the member appealed; by claim and number."""
    if not rows:
        return {}
    wanted = Decision.objects.filter(claim__in={row.claim for row in rows})
    summed = wanted.annotate(granted=Sum("lines__granted"), currency=Max("lines__currency"))
    columns = ("claim", "number", "granted", "currency", "appeal")
    return {
        (claim, number): (granted or Decimal(0), currency or "", appeal is not None)
        for claim, number, granted, currency, appeal in summed.values_list(*columns)
    }


def _days(sent: datetime, decided: datetime, span: Span) -> int:
    zone = span.profile.zone
    return max(0, (timezone.localdate(decided, zone) - timezone.localdate(sent, zone)).days)
