"""Members with plans of the test book, and short ways to write ledger entries."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mypolis.foundation.events import SYSTEM
from mypolis.insurance.coverage.ledger.arithmetic import Ask
from mypolis.insurance.coverage.ledger.entries import Written, reserve, use
from mypolis.membership.people.models import Membership, Person
from tests.cast import BUDI, Somebody, on_file

START = date(2024, 1, 1)
DAY = date(2026, 3, 5)


def insured(
    name: str = "Budi", *, plan: str = "Gold", family: str = "", start: date = START, somebody: Somebody = BUDI
) -> Membership:
    """Somebody insured since `start`; people with the same `family` (an employee number) are one family,
    the first of them the employee."""
    number = f"{Person.objects.count() + 123:06}"
    person = on_file(somebody.but(given_name=name, participant_number=number))
    membership = person.memberships.select_related("policy", "person").latest("pk")
    membership.plan, membership.employee_number, membership.start = plan, family, start
    others = membership.policy.memberships.filter(employee_number=family).exclude(pk=membership.pk)
    membership.relation = "spouse" if family and others.exists() else "employee"
    membership.save()
    membership.policy.start = START
    membership.policy.save()
    return membership


def ask(membership: Membership, benefit: str, amount: int = 0, *, day: date = DAY, **more: Any) -> Ask:
    """A request for one line of a claim."""
    return Ask(member=membership.pk, benefit=benefit, amount=Decimal(amount), day=day, **more)


class Counter:
    """Generates external ids, one after another."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> str:
        self.last += 1
        return f"x{self.last}"


ids = Counter()


def reserved(membership: Membership, benefit: str, amount: int = 0, **more: Any) -> Written:
    """Reserve from the limits of a benefit."""
    found = ask(membership, benefit, amount, **more)
    return reserve(membership=membership, ask=found, external_id=ids(), by=SYSTEM)


def used(membership: Membership, benefit: str, amount: int = 0, **more: Any) -> Written:
    """Use the limits of a benefit."""
    return use(membership=membership, ask=ask(membership, benefit, amount, **more), external_id=ids(), by=SYSTEM)


def days_after(number: int) -> date:
    """A day `number` days after the usual one."""
    return DAY + timedelta(days=number)
