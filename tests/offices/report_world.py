"""Claims of a past month, written as they are stored: what reports sum does not depend on how a claim got there."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from mypolis.foundation.markets import market
from mypolis.insurance.claims.models import Appeal, Claim, DecidedLine, Decision, Line, Payment
from mypolis.membership.people.models import Membership
from mypolis.offices.reports.models import ReportDay
from mypolis.offices.reports.sums.spans import Span, month_of
from tests.cast import BUDI, on_file

ID = market("id")


def month() -> Span:
    """The month before this one."""
    return month_of(ID, ID.today().replace(day=1) - timedelta(days=1))


def day(number: int = 10) -> date:
    """A day of that month."""
    return month().first.replace(day=number)


def at(when: date, hour: int = 12) -> datetime:
    """An hour of a day in Indonesia."""
    return timezone.make_aware(datetime.combine(when, time(hour)), ID.zone)


def cover(number: int = 0) -> Membership:
    """The cover of Budi, or of one of many others."""
    person = on_file(BUDI.but(given_name=f"Budi {number}", participant_number=f"1{number:05}", email="", mobile=""))
    return person.memberships.get()


def claim(
    held: Membership, *, sent: date | None = None, benefit: str = "doctor", number: str = "", state: str = "received"
) -> Claim:
    """A claim that was sent on a day."""
    moment = at(sent or day(3))
    named = number or f"ID-{Claim.objects.count() + 1:06}"
    made = {"market": "id", "membership": held, "benefit": benefit, "number": named, "state": state}
    return Claim.objects.create(**made, sent_at=moment, touched_at=moment)


def decided(made: Claim, *, on: date | None = None, granted: str = "100", **more: Any) -> Decision:
    """The next decision about a claim, with one line of 150."""
    moment = at(on or day())
    values = {"outcome": "partly_approved", "source": "desk", "by_kind": "staff", "by_id": "7", "at": moment, **more}
    decision = Decision.objects.create(claim=made, number=made.decisions.count() + 1, **values)
    line, _new = Line.objects.get_or_create(claim=made, place=1, defaults={"amount": Decimal(150), "currency": "IDR"})
    share = Decimal(150) - Decimal(granted)
    sums = {"billed": Decimal(150), "granted": Decimal(granted), "own_share": share, "currency": "IDR"}
    DecidedLine.objects.create(decision=decision, line=line, **sums)
    Claim.objects.filter(pk=made.pk).update(touched_at=max(made.touched_at, moment), state=decision.outcome)
    return decision


def appealed(decision: Decision, *, on: date | None = None) -> Appeal:
    """The member's appeal."""
    return Appeal.objects.create(decision=decision, text="Please look again.", at=at(on or day(12)))


def paid(decision: Decision, *, on: date | None = None, amount: str = "100") -> Payment:
    """The money that the bank sent."""
    values = {"state": Payment.PAID, "amount": Decimal(amount), "currency": "IDR", "at": at(on or day(15))}
    return Payment.objects.create(claim=decision.claim, decision=decision, **values)


def stored(kind: str, on: date | None = None) -> dict[str, Any]:
    """What was summed, by key."""
    rows = ReportDay.objects.filter(market="id", kind=kind, day=on or day())
    return dict(rows.values_list("key", "numbers"))
