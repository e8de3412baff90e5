"""The guarantees of a person, for the desk: numbers, states and days. What is treated is for those who decide."""

from typing import Any

from django.http import HttpRequest

from mypolis.foundation.staff.access import signed_in
from mypolis.insurance.guarantees.lifecycle.states import STATE_LABELS
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.guarantees.rights import ASSESS_GUARANTEES
from mypolis.membership.people.desk_page import PersonSection
from mypolis.membership.people.models import Person

_SHOWN = 20


def guarantees_at_desk(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The newest guarantees; None if there are none. They are links for whoever may open them."""
    covers = [row.pk for row in person.memberships.all()]
    rows = Guarantee.objects.filter(membership__in=covers).order_by("-asked_at")
    fields = ("number", "market", "state", "asked_at", "valid_until")
    found = [(row, STATE_LABELS[row.in_state]) for row in rows.only(*fields)[:_SHOWN]]
    may_open = signed_in(request).may(ASSESS_GUARANTEES, person.market)
    return {"guarantees": found, "may_open": may_open} if found else None


GUARANTEES = PersonSection("person", 45, "guarantees/desk/person.html", guarantees_at_desk)
