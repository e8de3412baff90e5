"""A small world for tests of guarantees: a clinic in the network, requests, letters, and bills that name them."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.markets import market
from mypolis.insurance.claims.core_system.clinic_bills import take_bill
from mypolis.insurance.claims.core_system.schemas import ClinicBillBody
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.models import Balance
from mypolis.insurance.guarantees.lifecycle.asking import Wish, ask_as_member
from mypolis.insurance.guarantees.lifecycle.deciding import give
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.providers.models import Provider
from mypolis.membership.accounts.models import Account
from tests.claims.world import actor, cover, today
from tests.providers.clinic import clinic

DESK = Actor("staff", "7")
CORE = Actor("partner", "3")
NUMBERS = count(1)


def melati() -> Provider:
    """A clinic of the plan's network."""
    return clinic("KM-01", "Klinik Melati", "inner")


def wish(account: Account, expected: str = "600", benefit: str = "drugs", **more: Any) -> Wish:
    """Treatment next week at the clinic."""
    day = today(account) + timedelta(days=more.pop("in_days", 7))
    values = {"planned_from": day, "planned_to": day, "provider": more.pop("provider", None) or melati(), **more}
    return Wish(benefit=benefit, expected=Decimal(expected), **values)


def asked(account: Account, expected: str = "600", benefit: str = "drugs", **more: Any) -> Guarantee:
    """A request of a member for themselves."""
    by = more.pop("by", None) or actor(account)
    return ask_as_member(
        account=account,
        membership=str(cover(account).pk),
        wish=wish(account, expected, benefit, **more),
        by=by,
    )


def given(account: Account, expected: str = "600", benefit: str = "drugs", **more: Any) -> Guarantee:
    """A letter that the desk gave."""
    return give(guarantee=asked(account, expected, benefit, **more), by=DESK)


def billed(account: Account, guarantee: Guarantee, amount: str, *, is_last: bool = False, **more: Any) -> Claim:
    """The claim of a clinic's bill of today that names a letter."""
    line = {"date": today(account).isoformat(), "benefit": "drugs", "amount": amount, "currency": "IDR"}
    named = {"policy_number": "GRP-88", "participant_number": account.person.memberships.get().participant_number}
    values = {"id": f"bill-{next(NUMBERS)}", **named, "provider": "Klinik Melati", "lines": [line], **more}
    body = ClinicBillBody.model_validate(values | {"guarantee": guarantee.number, "is_last": is_last})
    return take_bill(profile=market("id"), body=body, by=CORE)


def reserved_of(account: Account) -> Decimal:
    """What is reserved from the member's limits, of all benefits."""
    sums = Balance.objects.filter(membership=cover(account)).aggregate(all=Sum("reserved_amount"))
    return sums["all"] or Decimal(0)


def used_of(account: Account) -> Decimal:
    """What is used of the member's limits, of all benefits."""
    sums = Balance.objects.filter(membership=cover(account)).aggregate(all=Sum("used_amount"))
    return sums["all"] or Decimal(0)


def reachable(account: Account) -> None:
    """Give the member an address for messages, and let them read English."""
    account.language = "en"
    account.save()
    account.contact_points.create(
        market="id", kind="email", value="budi@example.test", exclusive=False, confirmed_at=timezone.now()
    )


def reread(guarantee: Guarantee) -> Guarantee:
    """The guarantee as the database has it now."""
    return Guarantee.objects.select_related("membership__policy", "membership__person").get(pk=guarantee.pk)
