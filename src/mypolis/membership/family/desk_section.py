"""The family of a person, for the desk: who shares a policy with them, and who acts for whom."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from mypolis.foundation.markets import market as profile_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.models import Mandate
from mypolis.membership.family.relations.relation_names import RELATIONS
from mypolis.membership.people.desk_page import PersonSection
from mypolis.membership.people.models import Membership, Person


def family_at_desk(_request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """Relatives with their relations, and active mandates in both directions; None if there are neither."""
    covers = Membership.objects.in_families_of(person.memberships.all()).exclude(person=person)
    rows = covers.select_related("person").order_by("person__birth_date", "pk")[:30]
    relatives = {row.person_id: (row.person, RELATIONS.get(row.relation, "")) for row in rows}
    mandates = _mandates(person)
    if not relatives and not mandates:
        return None
    return {"relatives": list(relatives.values()), "mandates": mandates}


def _mandates(person: Person) -> list[tuple[Mandate, bool]]:
    """Active mandates, each with whether this person gave it."""
    account: Account | None = getattr(person, "account", None)
    if account is None:
        return []
    today = profile_of(person.market).today()
    rows = Mandate.objects.active_on(today).filter(Q(giver=account) | Q(proxy=account))
    found = rows.select_related("giver__person", "proxy__person").order_by("-accepted_at")[:30]
    return [(row, row.giver_id == account.pk) for row in found]


FAMILY = PersonSection("person", 20, "family/desk/family.html", family_at_desk)
