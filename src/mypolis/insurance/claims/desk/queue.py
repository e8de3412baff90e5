"""The queue: claims that wait for a decision, by promise, age or amount. No page of it costs more in a larger market.

The next page begins after the last row, and each order has an index of undecided claims. Rows hold no health data for
somebody who may not see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args
from uuid import UUID

from django.core import signing
from django.db.models import F, Q

from mypolis.foundation.lib.money import Money
from mypolis.foundation.markets import Profile
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, ClaimQuerySet
from mypolis.insurance.claims.rights import ASSESS_CLAIMS

type Order = Literal["promise", "age", "amount"]
type Whose = Literal["", "mine", "nobody"]

ROWS = 50
_FIELD: dict[Order, str] = {"promise": "promised_by", "age": "sent_at", "amount": "-billed"}
_SALT = "mypolis.claims.queue"
_WAITS_FOR: dict[State, Literal["member", "files"]] = {State.WAITING: "member", State.SUBMITTED: "files"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants to see: the order, and perhaps only some claims. `whose`: in their own hands, or nobody's."""

    order: Order = "promise"
    state: State | None = None
    benefit: str = ""
    whose: Whose = ""
    only_appeals: bool = False


@dataclass(frozen=True)
class QueueRow:
    """A claim in the queue. `benefit` is empty for somebody who may not see it; `holder` has it in hand.
    `decision`: one was entered and `waits` to be recorded, or was `stopped`.

    `promised_by` is None while the clock stands: then it `waits_for` the `member`, or for checks of its `files`.
    """

    claim: UUID
    number: str
    state: State
    benefit: str
    is_appeal: bool
    holder: str
    is_mine: bool
    promised_by: date | None
    waits_for: Literal["", "member", "files"]
    sent_at: datetime | None
    billed: Money | None
    decision: Literal["", "waits", "stopped"]


@dataclass(frozen=True)
class QueuePage:
    """Some rows, and the text that names the page after them; empty on the last."""

    rows: Sequence[QueueRow]
    after: str


def queue_page(profile: Profile, wanted: Wanted, staff: StaffMember, *, after: str = "", size: int = ROWS) -> QueuePage:
    """A page of the queue of a market, in at most two queries. An `after` that we did not make begins at the start."""
    may_see = staff.may(ASSESS_CLAIMS, profile.code)
    rows = queue_of(profile, wanted if may_see else _without_health(wanted), staff)
    found: list[Claim] = []
    for part in _parts(rows, wanted.order, _read(after, wanted.order)):
        found += part[: size + 1 - len(found)]
        if len(found) > size:
            break
    shown = found[:size]
    more = _write(shown[-1], wanted.order) if len(found) > size else ""
    return QueuePage([_row(claim, staff, shows_health=may_see) for claim in shown], more)


def queue_of(profile: Profile, wanted: Wanted, staff: StaffMember) -> ClaimQuerySet:
    """The undecided claims that somebody wants to see, in no order."""
    rows = (
        Claim.objects.undecided()
        .filter(market=profile.code)
        .exclude(number="")
        .select_related("in_hand", "waiting_decision")
    )
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    if wanted.benefit:
        rows = rows.filter(benefit=wanted.benefit)
    if wanted.whose:
        rows = rows.filter(Q(in_hand__staff=staff.pk) if wanted.whose == "mine" else Q(in_hand__isnull=True))
    return rows.filter(decided_at__isnull=False) if wanted.only_appeals else rows


def _without_health(wanted: Wanted) -> Wanted:
    """Without the filter by benefit, which would tell what a claim is about."""
    return Wanted(order=wanted.order, state=wanted.state, whose=wanted.whose, only_appeals=wanted.only_appeals)


type _Place = tuple[str | None, str]  # the value by which the last row was sorted, and its number


def _parts(rows: ClaimQuerySet, order: Order, place: _Place | None) -> list[ClaimQuerySet]:
    """The rows after a place: those with a value first, then those without. Each part is a range of one index.

    Rows without a value are sorted by it too. It changes nothing, but else PostgreSQL might walk through all claims by
    number.
    """
    name, is_down = _FIELD[order].removeprefix("-"), _FIELD[order].startswith("-")
    step = "lt" if is_down else "gt"
    ordering = F(name).desc(nulls_last=True) if is_down else F(name).asc()
    known, unknown = rows.filter(**{f"{name}__isnull": False}), rows.filter(**{f"{name}__isnull": True})
    if place is not None:
        value, number = place
        if value is None:
            return [unknown.filter(number__gt=number).order_by(ordering, "number")]
        beyond = Q(**{f"{name}__{step}": value}) | Q(**{name: value}, number__gt=number)
        known = known.filter(beyond, **{f"{name}__{step}e": value})
    parts = [known.order_by(ordering, "number")]
    return parts if order == "age" else [*parts, unknown.order_by(ordering, "number")]


def _row(claim: Claim, staff: StaffMember, *, shows_health: bool) -> QueueRow:
    holder = getattr(claim, "in_hand", None)
    return QueueRow(
        claim=claim.pk,
        number=claim.number,
        state=claim.in_state,
        benefit=claim.benefit if shows_health else "",
        is_appeal=claim.decided_at is not None,
        holder=holder.name if holder is not None else "",
        is_mine=holder is not None and holder.staff == staff.pk,
        promised_by=claim.promised_by,
        waits_for=_WAITS_FOR.get(claim.in_state, ""),
        sent_at=claim.sent_at,
        billed=Money(claim.billed, claim.billed_in) if claim.billed is not None and claim.billed_in else None,
        decision=_decision(claim),
    )


def _decision(claim: Claim) -> Literal["", "waits", "stopped"]:
    entered = getattr(claim, "waiting_decision", None)
    if entered is None:
        return ""
    return "stopped" if entered.is_stopped else "waits"


def _write(claim: Claim, order: Order) -> str:
    value: date | datetime | Decimal | None = getattr(claim, _FIELD[order].removeprefix("-"))
    return signing.dumps([order, None if value is None else str(value), claim.number], salt=_SALT)


def _read(after: str, order: Order) -> _Place | None:
    if not after:
        return None
    try:
        made_for, value, number = signing.loads(after, salt=_SALT)
    except (signing.BadSignature, UnicodeError):
        return None
    return (value, number) if made_for == order else None


def order_of(text: str) -> Order:
    """The order that a page's address names; the promise's if it names none that exists."""
    found: dict[str, Order] = {one: one for one in get_args(Order.__value__)}
    return found.get(text, "promise")
