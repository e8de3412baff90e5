"""Whoever reads a proposal about a member sees the member's name and contacts, so the member sees that staff looked."""

from collections.abc import Mapping
from typing import Any

from mypolis.foundation.events import Actor
from mypolis.foundation.staff.models import StaffAccount
from mypolis.membership.family.staff_relations.staff_viewings import record_staff_viewing
from mypolis.membership.people.models import Person
from mypolis.offices.desk.person.opening import role_of


def record_look(market: str, payload: Mapping[str, Any], staff: StaffAccount, by: Actor) -> None:
    """Record that somebody of the staff read a proposal about the account in the payload, once an hour."""
    person = Person.objects.get(account=payload["account"], market=market)
    record_staff_viewing(person=person, staff=staff.pk, role=role_of(staff.roles_in(market)), by=by)
