"""Two claims side by side: what a person compares before one of them ends as a duplicate of the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mypolis.foundation.lib.money import Money, format_money
from mypolis.insurance.claims.desk.pages.wording import STATES
from mypolis.insurance.claims.models import Claim, Line


@dataclass(frozen=True)
class Compared:
    """A row of the comparison: its name, what this claim has, what the other has, and whether that is the same."""

    name: Promise
    this: str
    other: str

    @property
    def is_same(self) -> bool:
        """Whether both have the same, and have something."""
        return bool(self.this) and self.this == self.other


def compared(claim: Claim, other: Claim) -> Sequence[Compared]:
    """Both claims, row by row, in the current language; two queries."""
    both = (claim, other)
    rows = (
        (_("State"), [str(STATES[one.in_state]) for one in both]),
        (pgettext_lazy("column", "Sent"), [_sent(one) for one in both]),
        (pgettext_lazy("desk", "Member"), [one.membership.person.display_name for one in both]),
        (_("Day of treatment"), [_day(one) for one in both]),
        (_("Provider"), [one.provider for one in both]),
        (_("Billed"), [_billed(one) for one in both]),
        (pgettext_lazy("desk", "Bills"), ["; ".join(_bill(line) for line in one.lines.all()) for one in both]),
    )
    return [Compared(name, *values) for name, values in rows]


def _sent(claim: Claim) -> str:
    return date_format(localtime(claim.sent_at), "SHORT_DATETIME_FORMAT") if claim.sent_at else ""


def _day(claim: Claim) -> str:
    return date_format(claim.treated_on, "SHORT_DATE_FORMAT") if claim.treated_on else ""


def _billed(claim: Claim) -> str:
    return format_money(Money(claim.billed, claim.billed_in)) if claim.billed is not None and claim.billed_in else ""


def _bill(line: Line) -> str:
    parts = [line.number, date_format(line.date, "SHORT_DATE_FORMAT") if line.date else ""]
    if line.amount is not None and line.currency:
        parts.append(format_money(Money(line.amount, line.currency)))
    return ", ".join(part for part in parts if part)
