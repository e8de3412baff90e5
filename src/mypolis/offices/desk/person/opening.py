"""Opens the pages about a person: finds the person, and records that somebody of the staff looked."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest

from mypolis.foundation.rooms import Role
from mypolis.foundation.staff.access import signed_in
from mypolis.foundation.staff.roles import ROLES
from mypolis.foundation.web.requests import actor_of
from mypolis.membership.family.staff_relations.staff_viewings import record_staff_viewing
from mypolis.membership.people.models import Membership, Person
from mypolis.offices.desk.rights import SEE_PEOPLE


def open_person(request: HttpRequest, market: str, key: int) -> Person:
    """The person of this market, with account, contact points and covers; records the look. Raises Http404."""
    person = find_person(market, key)
    staff = signed_in(request)
    role = role_of(staff.roles_in(market))
    record_staff_viewing(person=person, staff=staff.pk, role=role, by=actor_of(request))
    return person


def find_person(market: str, key: int) -> Person:
    """The person of this market, with account, contact points and covers. Records nothing. Raises Http404."""
    covers = Membership.objects.select_related("policy__employer").order_by("-start", "pk")
    rows = Person.objects.filter(market=market, pk=key).select_related("account")
    person = rows.prefetch_related(Prefetch("memberships", covers), "account__contact_points").first()
    if person is None:
        raise Http404("no such person")
    return person


def role_of(held: frozenset[Role]) -> Role:
    """The role in which somebody looks, as the person will read it: the first in our order that may see people."""
    return next(role for role in ROLES if role in held & SEE_PEOPLE.roles)
