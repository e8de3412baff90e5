"""A member or a clinic asks for a guarantee before planned treatment."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on
from mypolis.insurance.ecard.numbers import insert_numbered, new_letter_number
from mypolis.insurance.guarantees.lifecycle.automatic import give_if_simple
from mypolis.insurance.guarantees.lifecycle.changing import begin, tell
from mypolis.insurance.guarantees.lifecycle.deciding import LONGEST_STAY
from mypolis.insurance.guarantees.limits import GUARANTEES_ASKED
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.providers.models import Provider
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import Claimable, may_claim
from mypolis.membership.people.models import Membership

FARTHEST = timedelta(days=366)
"""How far ahead treatment can be planned."""
_LARGEST = Decimal(10**12) - 1


class Refused(Exception):
    """A value of the request cannot be used; `field` and `code` say which and why."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for. Without a provider of the directory, `provider_name` names one. `expected` is the sum."""

    benefit: str
    planned_from: date
    planned_to: date
    expected: Decimal
    provider: Provider | None = None
    provider_name: str = ""


@transaction.atomic
def ask_as_member(*, account: Account, membership: str, wish: Wish, by: Actor) -> Guarantee:
    """Ask for somebody for whom the member may claim. A simple request is given at once, where the market's rule is.

    Raises NotSeen, Refused, LimitReached.
    """
    whose = may_claim(account, membership)
    row = next(one for one in whose.memberships if str(one.pk) == membership)
    spend(GUARANTEES_ASKED, f"account:{account.pk}", market=account.market)
    return _ask(row, wish, by=by, account=account, basis=_basis(whose))


@transaction.atomic
def ask_as_provider(*, provider: Provider, membership: Membership, wish: Wish, by: Actor) -> Guarantee:
    """A clinic asks for the person whose card it has just checked; the person gets a message. Raises like the other."""
    spend(GUARANTEES_ASKED, f"member:{membership.pk}", market=provider.market)
    guarantee = _ask(membership, wish, by=by)
    tell(guarantee, "guarantee-asked", by=by)
    return guarantee


def _basis(whose: Claimable) -> UUID | None:
    given = whose.mandate or whose.consent
    return given.pk if given is not None else None


def _ask(
    membership: Membership, wish: Wish, *, by: Actor, account: Account | None = None, basis: UUID | None = None
) -> Guarantee:
    today = profile_of(membership.policy.market).today()
    name = _provider_name(wish, membership.policy.market)
    currency = _checked(membership, wish, today)
    guarantee = Guarantee(
        market=membership.policy.market,
        membership=membership,
        account=account,
        basis=basis,
        provider=wish.provider,
        provider_name=name,
        benefit=wish.benefit,
        planned_from=wish.planned_from,
        planned_to=wish.planned_to,
        expected=wish.expected,
        currency=currency,
    )
    insert_numbered(guarantee, lambda: f"G-{new_letter_number(today.year)}")
    begin(guarantee, by=by)
    return give_if_simple(guarantee, by=by)


def _provider_name(wish: Wish, market: str) -> str:
    if wish.provider is not None:
        if wish.provider.market != market or not wish.provider.is_active:
            raise Refused("provider", "unknown")
        return wish.provider.name
    try:
        name = clean_line(wish.provider_name, max_length=200)
    except UnsafeText as error:
        raise Refused("provider_name", error.code) from None
    if not name:
        raise Refused("provider_name", "required")
    return name


def _checked(membership: Membership, wish: Wish, today: date) -> str:
    """The plan's currency. Raises Refused for the first value that cannot be used."""
    if wish.planned_from < today:
        raise Refused("planned_from", "past")
    if wish.planned_from > today + FARTHEST:
        raise Refused("planned_from", "too_far")
    if wish.planned_to < wish.planned_from:
        raise Refused("planned_to", "before")
    if (wish.planned_to - wish.planned_from).days >= LONGEST_STAY:
        raise Refused("planned_to", "too_long")
    if not 0 < wish.expected <= _LARGEST or wish.expected != wish.expected.quantize(Decimal("0.01")):
        raise Refused("expected", "not_positive" if wish.expected <= 0 else "invalid")
    plan = plan_on(membership, wish.planned_from)
    if plan is None or plan.benefit(wish.benefit) is None:
        raise Refused("benefit", "not_in_plan")
    return plan.currency
