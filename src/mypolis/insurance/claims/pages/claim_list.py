"""The list of claims: what is open, then drafts, then what is over; in pages, read in a few queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from mypolis.insurance.claims.access import claims_of, for_whom
from mypolis.insurance.claims.lifecycle.states import CLOSED, State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.pages.headlines import tone_of, what_next
from mypolis.insurance.claims.presenters import ShownClaim, shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership, Person

MOST = 20
_URGENT, _OPEN, _DRAFT, _OVER = range(4)
_SECTIONS = {_URGENT: "open", _OPEN: "open", _DRAFT: "drafts", _OVER: "over"}
_IS_OVER = Q(state__in=CLOSED)
_RANK = Case(
    When(state__in=[State.WAITING, State.PAYMENT_FAILED], then=Value(_URGENT)),
    When(state=State.DRAFT, then=Value(_DRAFT)),
    When(_IS_OVER, then=Value(_OVER)),
    default=Value(_OPEN),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Row:
    """A claim in a list. Of a claim that somebody else made for somebody else, only number and state are shown."""

    shown: ShownClaim

    @property
    def is_about_me(self) -> bool:
        """Whether the member was treated."""
        return self.shown.claim.membership.person_id == self.shown.account.person_id

    @property
    def is_reserved(self) -> bool:
        """Whether benefit, provider and sum are left out: lists record no viewing, the claim's page does."""
        return not self.shown.is_own and not self.is_about_me

    @property
    def next(self) -> str:
        """What comes next and by when."""
        return what_next(self.shown)

    @property
    def badge_kind(self) -> str:
        """The tone of the badge."""
        return tone_of(self.shown)


@dataclass(frozen=True)
class Section:
    """A part of the list: `open`, `drafts` or `over`."""

    name: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class ClaimPage:
    """A page of the list. `after` is the key of its last claim if more follow, `people` those to choose from."""

    sections: Sequence[Section]
    after: UUID | None
    people: Sequence[Person]
    whose: Person | None
    is_first: bool


def claim_page(account: Account, *, whose: str = "", after: str = "") -> ClaimPage:
    """A page of the claims that a member may see, of everybody or of one person. Unknown values are ignored."""
    people = [account.person, *(one.person for one in for_whom(account) if one.role != "self")]
    person = next((one for one in people if str(one.pk) == whose), None)
    found = _ranked(account)
    if person is not None:
        found = found.filter(membership__person=person)
    rest, is_first = _after(found, after)
    rows = list(rest.order_by("rank", "-created_at", "-id")[: MOST + 1])
    ranks = {claim.pk: claim.rank for claim in rows[:MOST]}
    drawn = [Row(one) for one in shown(rows[:MOST], account)]
    parts = groupby(drawn, key=lambda row: _SECTIONS[ranks[row.shown.claim.pk]])
    return ClaimPage(
        sections=[Section(name, list(part)) for name, part in parts],
        after=rows[MOST - 1].pk if len(rows) > MOST else None,
        people=people if len(people) > 1 else (),
        whose=person,
        is_first=is_first,
    )


def open_claims(account: Account, most: int) -> list[Row]:
    """The member's open claims without drafts: first those that wait for the member, then the newest."""
    rows = _ranked(account).filter(rank__in=[_URGENT, _OPEN])
    return [Row(one) for one in shown(rows.order_by("rank", "-created_at", "-id")[:most], account)]


def may_have_open_claims(account: Account) -> bool:
    """Whether there may be an open claim that the member made or that is about them: one query, for the home page."""
    claims = Claim.objects.filter(market=account.market).exclude(state=State.DRAFT).exclude(_IS_OVER)
    own = Membership.objects.filter(person=account.person_id, pk=OuterRef("membership"))
    made, about = claims.filter(account=account), claims.filter(Exists(own))
    return Account.objects.filter(pk=account.pk).filter(Exists(made) | Exists(about)).exists()


def _ranked(account: Account) -> QuerySet[Any]:
    """The claims that a member may see, each with its `rank` in the list."""
    return claims_of(account).annotate(rank=_RANK)


def _after(found: QuerySet[Any], after: str) -> tuple[QuerySet[Any], bool]:
    try:
        last = found.filter(pk=UUID(after)).first() if after else None
    except ValueError:
        last = None
    if last is None:
        return found, True
    rank, at = last.rank, last.created_at
    later = Q(rank=rank, created_at__lt=at) | Q(rank=rank, created_at=at, pk__lt=last.pk)
    return found.filter(Q(rank__gt=rank) | later), False
