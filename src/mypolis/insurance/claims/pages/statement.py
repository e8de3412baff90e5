"""The yearly statement: the claims of a year that a member made or that are about the member, with all sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.db.models import Q

from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.access import claims_of
from mypolis.insurance.claims.models import Claim, ClaimQuerySet
from mypolis.insurance.claims.presenters import ShownClaim, shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Person


@dataclass(frozen=True)
class PersonsYear:
    """The claims of a person in a year, oldest first, with their sums by currency."""

    person: Person
    claims: Sequence[ShownClaim]
    granted: Sequence[Money]
    own_share: Sequence[Money]


def years_of(account: Account) -> list[int]:
    """The years in which such claims were sent, the newest first."""
    zone = account.profile.zone
    return [day.year for day in _sent_by(account).order_by().datetimes("sent_at", "year", order="DESC", tzinfo=zone)]


def statement_of(account: Account, year: int) -> list[PersonsYear]:
    """The claims sent in a calendar year of the market: the member's first, then by name; empty without any."""
    found = list(_in_year(account, year).select_related("membership__person"))
    found.sort(key=lambda claim: (*_order(claim, account), claim.sent_at))
    drawn = shown(found, account)
    parts = groupby(drawn, key=lambda one: one.claim.membership.person)
    return [_year_of(person, list(claims)) for person, claims in parts]


def _sent_by(account: Account) -> ClaimQuerySet:
    """Claims that the member made, and those about the member; those that clinics billed are left out."""
    mine = Q(account=account) | Q(membership__person=account.person_id)
    return claims_of(account).sent().filter(mine, origin="member")


def _in_year(account: Account, year: int) -> ClaimQuerySet:
    begin, end = (datetime(one, 1, 1, tzinfo=account.profile.zone) for one in (year, year + 1))
    return _sent_by(account).filter(sent_at__gte=begin, sent_at__lt=end)


def _order(claim: Claim, account: Account) -> tuple[bool, str, int]:
    person = claim.membership.person
    return person.pk != account.person_id, person.display_name, person.pk


def _year_of(person: Person, claims: Sequence[ShownClaim]) -> PersonsYear:
    return PersonsYear(person, claims, _sums([one.granted for one in claims]), _sums([one.own_share for one in claims]))


def _sums(amounts: Sequence[Money | None]) -> list[Money]:
    """The sum of each currency."""
    found: dict[str, Decimal] = {}
    for money in amounts:
        if money is not None:
            found[money.currency] = found.get(money.currency, Decimal(0)) + money.amount
    return [Money(amount, currency) for currency, amount in sorted(found.items())]
