"""Writes the sums of a day: all rows in one transaction, so that a report never shows half a day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.models import Appeal, Decision, Payment
from mypolis.offices.reports.event_kinds import ReportEvent
from mypolis.offices.reports.models import ReportDay, ReportProgress
from mypolis.offices.reports.sums.ages import ages_of_open_claims
from mypolis.offices.reports.sums.decisions import sum_decisions
from mypolis.offices.reports.sums.spans import Span, month_of

FUNNEL = {"invitation.sent": "invited", "account.created": "registered", "account.signed_in": "signed_in"}
"""Kinds of events that are counted, with the names of their counts."""

_OF_A_DAY = ("turnaround", "rates", "spend", "funnel")
_OF_A_MONTH = ("people_month", "spend_month")

type Numbers = Mapping[str, object]


@transaction.atomic
def sum_day(*, profile: Profile, day: date) -> None:
    """Sum a day that is over, and replace what was summed before. Repeating it changes nothing."""
    progress = _locked_progress(profile, day)
    span = Span(profile, day, day)
    decided = sum_decisions(span)
    rows: dict[str, Mapping[str, Numbers]] = {**decided.rows(), "funnel": {"": _funnel(span)}}
    rows["spend"] = _spend(span, decided.granted)
    written = _replace(profile, day, _OF_A_DAY, rows)
    if progress.through < day:
        progress.through = day
        progress.save(update_fields=["through"])
    record(ReportEvent.REPORT_SUMMED, market=profile.code, by=SYSTEM, since=day.isoformat(), rows=written)


@transaction.atomic
def sum_month(*, profile: Profile, day: date) -> None:
    """Sum the month of a day from the days that are summed, and count the people of each benefit."""
    span = month_of(profile, day)
    sums: dict[str, dict[str, Decimal]] = {}
    for numbers in _days_of(span, "spend"):
        for currency, both in numbers.items():
            for name, amount in both.items():
                known = sums.setdefault(currency, {})
                known[name] = known.get(name, Decimal(0)) + Decimal(amount)
    spend = {currency: {name: str(amount) for name, amount in both.items()} for currency, both in sums.items()}
    rows: dict[str, Mapping[str, Numbers]] = {"spend_month": spend, "people_month": _people(span)}
    written = _replace(profile, span.first, _OF_A_MONTH, rows)
    record(ReportEvent.REPORT_SUMMED, market=profile.code, by=SYSTEM, since=f"{span.first:%Y-%m}", rows=written)


@transaction.atomic
def keep_ages(*, profile: Profile, day: date) -> None:
    """Keep how old the open claims are now, as the state at the end of `day`; once, because it cannot be repeated."""
    if not ReportDay.objects.filter(market=profile.code, kind="ages", day=day).exists():
        written = _replace(profile, day, ("ages",), {"ages": ages_of_open_claims(profile)})
        record(ReportEvent.REPORT_SUMMED, market=profile.code, by=SYSTEM, since=day.isoformat(), rows=written)


def _locked_progress(profile: Profile, day: date) -> ReportProgress:
    """The progress of a market, locked first, so that two workers sum one after the other."""
    values = {"through": day, "read_up_to": timezone.now()}
    locked, _is_new = ReportProgress.objects.select_for_update().get_or_create(market=profile.code, defaults=values)
    return locked


def _replace(profile: Profile, day: date, kinds: tuple[str, ...], rows: Mapping[str, Mapping[str, Numbers]]) -> int:
    """Write the rows of these kinds in place of those that exist, and return their number."""
    ReportDay.objects.filter(market=profile.code, day=day, kind__in=kinds).delete()
    made = [
        ReportDay(market=profile.code, day=day, kind=kind, key=key, numbers=numbers)
        for kind in kinds
        for key, numbers in rows.get(kind, {}).items()
    ]
    ReportDay.objects.bulk_create(made)
    return len(made)


def _days_of(span: Span, kind: str) -> list[dict[str, dict[str, str]]]:
    rows = ReportDay.objects.filter(market=span.profile.code, kind=kind, day__gte=span.first, day__lte=span.last)
    return list(rows.values_list("numbers", flat=True))


def _funnel(span: Span) -> Numbers:
    """How many were invited, registered and signed in; from events, without who they were."""
    found = Event.objects.filter(at__gte=span.begins, at__lt=span.ends, market=span.profile.code, kind__in=list(FUNNEL))
    counts = dict(found.values_list("kind").annotate(Count("pk")).order_by())
    return {name: counts.get(kind, 0) for kind, name in FUNNEL.items()}


def _spend(span: Span, granted: Mapping[str, Mapping[str, Decimal]]) -> Mapping[str, Numbers]:
    """Granted and paid sums by benefit: {"IDR": {"granted": "150.00", "paid": "100.00"}}. Sums are texts, exact."""
    sums: dict[str, dict[str, dict[str, str]]] = {}
    for benefit, by_currency in granted.items():
        for currency, amount in by_currency.items():
            if amount:
                sums.setdefault(benefit, {}).setdefault(currency, {})["granted"] = str(amount)
    paid = Payment.objects.filter(
        state=Payment.PAID, at__gte=span.begins, at__lt=span.ends, claim__market=span.profile.code
    )
    for benefit, currency, amount in paid.values_list("claim__benefit", "currency").annotate(Sum("amount")).order_by():
        sums.setdefault(benefit, {}).setdefault(currency, {})["paid"] = str(amount)
    return sums


def _people(span: Span) -> Mapping[str, Numbers]:
    """How many people each sum of a benefit is about: one person with five claims is one."""
    times = {"at__gte": span.begins, "at__lt": span.ends}
    market = span.profile.code
    decisions = Decision.objects.filter(claim__market=market, **times)
    sources = {
        "first": (decisions.filter(number=1), "claim"),
        "decided": (decisions, "claim"),
        "paid": (Payment.objects.filter(state=Payment.PAID, claim__market=market, **times), "claim"),
        "appealed": (Appeal.objects.filter(decision__claim__market=market, **times), "decision__claim"),
    }
    people: dict[str, dict[str, int]] = {}
    for name, (rows, claim) in sources.items():
        counted = rows.values_list(f"{claim}__benefit").annotate(Count(f"{claim}__membership__person", distinct=True))
        for benefit, count in counted.order_by():
            people.setdefault(benefit, {})[name] = count
    return people
