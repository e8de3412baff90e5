"""Premiums of policies that people pay themselves: loads billing's list, and shows payments to the policyholder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Literal

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.money import Money
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.billing.payment_rows import PaymentRow, read_payments
from mypolis.insurance.coverage.event_kinds import CoverageEvent
from mypolis.insurance.coverage.feeds.feed import FeedReport, OnProblem
from mypolis.insurance.coverage.ledger.arithmetic import Span, year_of
from mypolis.insurance.coverage.models import Instalment
from mypolis.insurance.coverage.plan_books.plan_lookup import day_to_show
from mypolis.insurance.coverage.problems import Problem
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership, Policy

BATCH = 1_000
_SHOWN = 40  # the most payments shown for one year

type State = Literal["paid", "due", "overdue"]


@dataclass(frozen=True)
class Payment:
    """One payment, with its state today."""

    due: date
    money: Money
    paid_on: date | None
    state: State


@dataclass(frozen=True)
class Schedule:
    """The payments of the current insurance year, and the next one due."""

    year: Span
    payments: tuple[Payment, ...]

    @property
    def next(self) -> Payment | None:
        """The first unpaid payment."""
        return next((one for one in self.payments if one.state != "paid"), None)

    @property
    def total(self) -> Money | None:
        """The premium of the year; None if it is in several currencies."""
        if len({one.money.currency for one in self.payments}) != 1:
            return None
        amount = sum((one.money.amount for one in self.payments), Decimal(0))
        return Money(amount, self.payments[0].money.currency)


def schedule_of(membership: Membership, account: Account) -> Schedule | None:
    """The payments of a policy, for its holder only; None for anybody else who sees the cover, and without billing."""
    policy, today = membership.policy, account.profile.today()
    is_own = membership.person_id == account.person_id
    if not is_own or policy.employer_id is not None or membership.relation != "policyholder":
        return None
    year = year_of(day_to_show(membership, today), membership.first_day)
    rows = Instalment.objects.filter(policy=policy, due__range=(year.first, year.last)).order_by("due", "pk")[:_SHOWN]
    payments = tuple(Payment(row.due, Money(row.amount, row.currency), row.paid_on, _state(row, today)) for row in rows)
    return Schedule(year, payments) if payments else None


def _state(row: Instalment, today: date) -> State:
    if row.paid_on is not None:
        return "paid"
    return "overdue" if row.due < today else "due"


def load_payments(*, market: str, path: Path, by: Actor, on_problem: OnProblem | None = None) -> FeedReport:
    """Load a list of payments (CSV or a spreadsheet). An identical row changes nothing; a changed one replaces the old.

    A bad row is reported (also to `on_problem`, as in `load_feed`) and the others are loaded.

    Raises TabularError if the file is not a table.
    """
    profile, report = profile_of(market), FeedReport(on_problem=on_problem)
    for batch in batched(read_payments(path), BATCH):
        _take(batch, profile, report, by=by)
    return report


@transaction.atomic
def _take(batch: Iterable[PaymentRow | Problem], profile: Profile, report: FeedReport, *, by: Actor) -> None:
    found = list(batch)
    rows = [row for row in found if isinstance(row, PaymentRow)]
    problems = [row for row in found if isinstance(row, Problem)]
    policies = _policies(rows, profile)
    known = {one.external_id: one for one in _known(rows, profile)}
    wanted: dict[str, Instalment] = {}
    for row in rows:
        made = _instalment(row, policies, known.get(row.external_id), profile)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            wanted[row.external_id] = made
    changed = [one for key, one in wanted.items() if key not in known or _says(known[key]) != _says(one)]
    Instalment.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["market", "external_id"],
        update_fields=["due", "amount", "currency", "paid_on"],
    )
    report.rows += len(found)
    report.taken += len(changed)
    report.repeated += len(found) - len(problems) - len(changed)
    report.refuse(problems)
    if changed:
        record(CoverageEvent.COVER_PAYMENTS_LOADED, market=profile.code, by=by, rows=len(changed))


def _policies(rows: Iterable[PaymentRow], profile: Profile) -> dict[str, list[Policy]]:
    found: dict[str, list[Policy]] = {}
    keys = {fold_reference(row.policy_number) for row in rows}
    for policy in Policy.objects.filter(market=profile.code, number_key__in=keys):
        found.setdefault(policy.number_key, []).append(policy)
    return found


def _known(rows: Iterable[PaymentRow], profile: Profile) -> Iterable[Instalment]:
    keys = {row.external_id for row in rows}
    return Instalment.objects.select_for_update().filter(market=profile.code, external_id__in=keys).order_by("pk")


def _instalment(
    row: PaymentRow, policies: dict[str, list[Policy]], before: Instalment | None, profile: Profile
) -> Instalment | Problem:
    named = [
        policy for policy in policies.get(fold_reference(row.policy_number), ()) if row.policy_type in ("", policy.type)
    ]
    if len(named) != 1:
        return Problem(row.line, "policy_number", "ambiguous_policy" if named else "unknown_policy")
    policy = named[0]
    if policy.employer_id is not None:
        return Problem(row.line, "policy_number", "group_policy")
    if before is not None and before.policy_id != policy.pk:
        return Problem(row.line, "id", "other_policy")
    return Instalment(
        market=profile.code,
        external_id=row.external_id,
        policy=policy,
        due=row.due,
        amount=row.amount,
        currency=row.currency,
        paid_on=row.paid_on,
    )


def _says(one: Instalment) -> tuple[object, ...]:
    return one.due, one.amount, one.currency, one.paid_on
