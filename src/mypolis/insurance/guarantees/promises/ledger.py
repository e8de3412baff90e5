"""What guarantees take from limits. Giving one reserves, a clinic's bill moves a part to its claim, an end releases.

Callers hold the lock of the guarantee's row. `lock_family` comes before anything is read that decides about limits.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from mypolis.foundation.events import Actor
from mypolis.insurance.claims.adjudication.lines import AskedDay
from mypolis.insurance.claims.decisions.ledger_ids import short
from mypolis.insurance.coverage.ledger.arithmetic import Grant
from mypolis.insurance.coverage.ledger.entries import ask_of, entry_of, lock_memberships, write_decided
from mypolis.insurance.coverage.ledger.families import families_of
from mypolis.insurance.coverage.models import Entry
from mypolis.insurance.guarantees.models import Guarantee

PREFIX = "mpg/"  # claims write theirs under "mp/"


def lock_family(guarantee: Guarantee) -> None:
    """Keep everybody else from the limits of the member's family until the transaction ends."""
    lock_memberships(families_of([guarantee.membership])[guarantee.membership_id])


def reserved(guarantee: Guarantee) -> list[Entry]:
    """The reservations of a guarantee that were not released, in the order of their days."""
    rows = Entry.objects.filter(membership=guarantee.membership_id, external_id__startswith=_prefix(guarantee))
    found = list(rows.order_by("day", "pk"))
    released = {row.reservation for row in found if row.kind == Entry.RELEASE}
    return [row for row in found if row.kind == Entry.RESERVE and row.external_id not in released]


def released(guarantee: Guarantee, entries: Iterable[Entry]) -> list[Entry]:
    """New entries that release these reservations; not written yet."""
    return [_release(guarantee, entry) for entry in entries]


def write(guarantee: Guarantee, entries: Sequence[Entry], *, by: Actor) -> None:
    """Write entries that were decided under the lock of the family."""
    if entries:
        write_decided(entries, market=guarantee.market, by=by)


def reservations(guarantee: Guarantee, days: Iterable[AskedDay]) -> list[Entry]:
    """New entries that reserve a promise, under ids that the guarantee has not used. The caller saves the guarantee."""
    guarantee.reservations += 1
    return [
        entry_of(
            Entry.RESERVE,
            guarantee.membership,
            day.ask,
            day.granted,
            external_id=_id(guarantee, day.ask.day),
            currency=day.currency,
        )
        for day in days
        if day.granted.amount or day.granted.count
    ]


def rest_of(guarantee: Guarantee, entries: Sequence[Entry], taken: Decimal) -> list[AskedDay]:
    """What stays promised of these reservations after a bill took a sum: the first days are used up first."""
    left, days = taken, []
    for entry in entries:
        used = min(left, entry.amount)
        left -= used
        if rest := entry.amount - used:
            days.append(AskedDay(ask_of(entry), Grant(rest, entry.count if not used else 0), entry.currency))
    return days


def _release(guarantee: Guarantee, entry: Entry) -> Entry:
    back = entry_of(
        Entry.RELEASE,
        guarantee.membership,
        ask_of(entry),
        Grant(entry.amount, entry.count),
        external_id=f"{entry.external_id}/x",
        currency=entry.currency,
    )
    back.reservation = entry.external_id
    return back


def _prefix(guarantee: Guarantee) -> str:
    return f"{PREFIX}{short(guarantee.pk)}/"


def _id(guarantee: Guarantee, day: date) -> str:
    return f"{_prefix(guarantee)}{guarantee.reservations}/{day:%Y%m%d}"
