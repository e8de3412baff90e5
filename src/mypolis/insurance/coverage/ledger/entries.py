"""The only code that writes the ledger of reserved and used benefits.

Each function locks the member's family in a fixed order, decides, and writes the entry with the monthly balance.
Repeating an external id with the same request changes nothing; a different request with that id is refused.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record, record_many
from mypolis.foundation.lib.postgres.copied_rows import copy_rows
from mypolis.insurance.coverage.event_kinds import CoverageEvent
from mypolis.insurance.coverage.ledger.arithmetic import Ask, Covered, Grant, Span, Taken, grant, year_of
from mypolis.insurance.coverage.ledger.families import families_of
from mypolis.insurance.coverage.ledger.usage import Scope, read_usage, taken_by_key
from mypolis.insurance.coverage.models import Entry, first_of_month
from mypolis.insurance.coverage.plan_books.plan import Limit, PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on
from mypolis.membership.people.models import Membership

_ADD = """
    INSERT INTO coverage_balance AS balance
        (membership_id, benefit, currency, month, reserved_amount, reserved_count, used_amount, used_count)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[], %s::numeric[], %s::int[], %s::numeric[],
        %s::int[])
    ON CONFLICT (membership_id, benefit, currency, month) DO UPDATE SET
        reserved_amount = balance.reserved_amount + excluded.reserved_amount,
        reserved_count = balance.reserved_count + excluded.reserved_count,
        used_amount = balance.used_amount + excluded.used_amount,
        used_count = balance.used_count + excluded.used_count
"""


class LedgerError(Exception):
    """An entry that cannot be written; `code` is a key of `problems.MESSAGES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Written:
    """An entry in the ledger; `is_new` is False if the same request was written before."""

    entry: Entry
    is_new: bool


@transaction.atomic
def reserve(*, membership: Membership, ask: Ask, external_id: str, by: Actor) -> Written:
    """Reserve as much of an ask as the limits allow, possibly nothing, for a pending claim or guarantee.

    Raises LedgerError: `no_plan`, `not_in_plan`, `id_reused`.
    """
    return _take(Entry.RESERVE, membership, ask, external_id=external_id, by=by)


@transaction.atomic
def use(*, membership: Membership, ask: Ask, external_id: str, by: Actor) -> Written:
    """Use as much of an ask as the limits allow, without a reservation. Raises like `reserve`."""
    return _take(Entry.USE, membership, ask, external_id=external_id, by=by)


@transaction.atomic
def settle(*, reservation: Entry, amount: Decimal, count: int, external_id: str, by: Actor) -> Written:
    """Use an amount in place of a reservation: release what is left of it, then use as much as the limits allow.

    Raises like `reserve`.
    """
    membership = reservation.membership
    _lock(membership)
    ask = replace(ask_of(reservation), amount=amount, count=count)
    if known := _known(reservation.market, external_id):
        return _repeated(known, Entry.USE, ask, reservation.external_id)
    release(reservation=reservation, external_id=f"{external_id}/release", by=by)
    return _take(Entry.USE, membership, ask, external_id=external_id, by=by, reservation=reservation.external_id)


@transaction.atomic
def release(
    *, reservation: Entry, external_id: str, by: Actor, amount: Decimal | None = None, count: int | None = None
) -> Written:
    """Return part of a reservation, or all that is left of it, and never more.

    Raises LedgerError `id_reused`.
    """
    return _give_back(Entry.RELEASE, reservation, external_id=external_id, by=by, amount=amount, count=count)


@transaction.atomic
def reverse(
    *, used: Entry, external_id: str, by: Actor, amount: Decimal | None = None, count: int | None = None
) -> Written:
    """Reverse part of a use, or all that is left of it, after a payment was returned or a claim withdrawn.

    Raises LedgerError `id_reused`.
    """
    return _give_back(Entry.REVERSE, used, external_id=external_id, by=by, amount=amount, count=count)


def ask_of(entry: Entry) -> Ask:
    """The ask that an entry recorded."""
    return Ask(
        member=entry.membership_id,
        benefit=entry.benefit,
        day=entry.day,
        amount=entry.requested_amount,
        count=entry.requested_count,
        case=entry.case,
        visit=entry.visit,
        pregnancy=entry.pregnancy,
    )


@transaction.atomic
def write_decided(entries: Sequence[Entry], *, market: str, by: Actor) -> None:
    """Write new entries of one market whose amounts the caller decided while it held the lock of their memberships.

    Raises LedgerError `id_reused` if an entry with one of these ids exists.
    """
    try:
        with transaction.atomic():
            copy_rows(entries)
    except IntegrityError:
        raise LedgerError("id_reused") from None
    add_to_balances(entries)
    record_many(CoverageEvent.COVER_ENTRY_WRITTEN, market=market, by=by, subjects=entries)


def add_to_balances(entries: Sequence[Entry]) -> None:
    """Add new entries to the monthly balances; rows are locked in a fixed order."""
    sums: dict[tuple[int, str, str, str], list[Decimal]] = {}
    for entry in entries:
        key = (entry.membership_id, entry.benefit, entry.currency, first_of_month(entry.day).isoformat())
        row = sums.setdefault(key, [Decimal(0)] * 4)
        place = 0 if entry.kind in (Entry.RESERVE, Entry.RELEASE) else 2
        sign = 1 if entry.kind in (Entry.RESERVE, Entry.USE) else -1
        row[place] += sign * entry.amount
        row[place + 1] += sign * entry.count
    if sums:
        rows = [(*key, row[0], int(row[1]), row[2], int(row[3])) for key, row in sorted(sums.items())]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


def entry_of(kind: str, membership: Membership, ask: Ask, granted: Grant, *, external_id: str, currency: str) -> Entry:
    """An entry that is not written yet."""
    return Entry(
        market=membership.policy.market,
        external_id=external_id,
        membership=membership,
        kind=kind,
        benefit=ask.benefit,
        currency=currency,
        amount=granted.amount,
        count=granted.count,
        requested_amount=ask.amount,
        requested_count=ask.count,
        day=ask.day,
        case=ask.case,
        visit=ask.visit,
        pregnancy=ask.pregnancy,
        cut_by=granted.cut_by,
    )


def year_for_day(plan: PlanDocument, membership: Membership, day: date) -> Span:
    """The year of a plan's limits that contains a day."""
    return year_of(day, membership.policy.start if plan.year == "policy" else None)


def covered(membership: Membership, waiting_days: int) -> Covered:
    """The period in which a member is covered, from the membership and the policy."""
    ends = [end for end in (membership.end, membership.policy.end) if end is not None]
    return Covered(max(membership.start, membership.policy.start), min(ends, default=None), waiting_days)


def _take(
    kind: str, membership: Membership, ask: Ask, *, external_id: str, by: Actor, reservation: str = ""
) -> Written:
    """Write as much of an ask as the limits allow."""
    family = _lock(membership)
    market = membership.policy.market
    if known := _known(market, external_id):
        return _repeated(known, kind, ask, reservation)
    plan = plan_on(membership, ask.day)
    if plan is None:
        raise LedgerError("no_plan")
    benefit = plan.benefit(ask.benefit)
    if benefit is None:
        raise LedgerError("not_in_plan")
    scope = Scope(plan, membership.pk, family, year_for_day(plan, membership, ask.day))
    granted = grant(ask, plan.limits, _taken(ask, scope), covered(membership, benefit.waiting_days))
    entry = entry_of(kind, membership, ask, granted, external_id=external_id, currency=plan.currency)
    entry.reservation = reservation
    return _write(entry, by=by)


def _taken(ask: Ask, scope: Scope) -> Callable[[Limit], Taken]:
    usage = read_usage([scope])

    def taken(limit: Limit) -> Taken:
        return usage.taken(limit, scope) if limit.per in ("year", "lifetime") else taken_by_key(limit, ask, scope)

    return taken


def _give_back(
    kind: str, source: Entry, *, external_id: str, by: Actor, amount: Decimal | None, count: int | None
) -> Written:
    _lock(source.membership)
    given = Entry.objects.filter(market=source.market, reservation=source.external_id, kind=kind)
    known = _known(source.market, external_id)
    if known is not None:  # "all that is left" means what was left at that time
        given = given.filter(pk__lt=known.pk)
    rest_amount = source.amount - sum((entry.amount for entry in given), Decimal(0))
    rest_count = source.count - sum(entry.count for entry in given)
    asked = Grant(rest_amount if amount is None else amount, rest_count if count is None else count)
    ask = replace(ask_of(source), amount=asked.amount, count=asked.count)
    if known is not None:
        return _repeated(known, kind, ask, source.external_id)
    back = Grant(max(Decimal(0), min(asked.amount, rest_amount)), max(0, min(asked.count, rest_count)))
    entry = entry_of(kind, source.membership, ask, back, external_id=external_id, currency=source.currency)
    entry.reservation = source.external_id
    return _write(entry, by=by)


def _write(entry: Entry, *, by: Actor) -> Written:
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:  # another family used the id a moment ago
        raise LedgerError("id_reused") from None
    add_to_balances([entry])
    record(CoverageEvent.COVER_ENTRY_WRITTEN, market=entry.market, by=by, subject=entry, entry=entry.kind)
    return Written(entry, is_new=True)


def _known(market: str, external_id: str) -> Entry | None:
    return Entry.objects.filter(market=market, external_id=external_id).first()


def _repeated(known: Entry, kind: str, ask: Ask, reservation: str) -> Written:
    """The entry that an earlier request wrote. Raises LedgerError `id_reused` if that request was different."""
    if (known.kind, known.reservation) != (kind, reservation) or ask_of(known) != ask:
        raise LedgerError("id_reused")
    return Written(known, is_new=False)


def _lock(membership: Membership) -> frozenset[int]:
    """Lock the family's memberships until the transaction ends, and return their keys."""
    family = families_of([membership])[membership.pk]
    lock_memberships(family)
    return family


def lock_memberships(keys: Iterable[int]) -> None:
    """Lock memberships against other ledger writers, always in the order of their keys."""
    list(Membership.objects.select_for_update(no_key=True).filter(pk__in=set(keys)).order_by("pk").values_list("pk"))
