"""Which insured people the insurer's own staff are, so that nobody handles their own or their family's matters."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.membership.family.event_kinds import FamilyEvent
from mypolis.membership.family.models import ClaimConsent, Mandate, StaffRelation
from mypolis.membership.people.models import Membership, Person


@transaction.atomic
def enter_relation(*, staff: int, person: Person, by: Actor) -> StaffRelation:
    """Note that a member of staff is this insured person. Entering it again changes nothing."""
    relation, is_new = StaffRelation.objects.get_or_create(
        staff=staff, person=person, defaults={"market": person.market}
    )
    if is_new:
        record(FamilyEvent.STAFF_RELATION_ENTERED, market=person.market, by=by, subject=person, staff=staff)
    return relation


@transaction.atomic
def remove_relation(*, staff: int, person: Person, by: Actor) -> bool:
    """Remove what was entered by mistake; returns whether there was something to remove."""
    deleted, _rows = StaffRelation.objects.filter(staff=staff, person=person).delete()
    if deleted:
        record(FamilyEvent.STAFF_RELATION_REMOVED, market=person.market, by=by, subject=person, staff=staff)
    return bool(deleted)


def is_own_or_family(staff: int, membership: Membership) -> bool:
    """Whether a membership belongs to a member of staff, or to somebody close to them.

    Close are those who share a policy with them as a family, now or before, and those between whom a mandate or a
    consent to claims is active, in either direction.
    """
    return is_close_to(staff, membership.person_id)


def is_close_to(staff: int, person: int) -> bool:
    """Whether a person on file, by key, is a member of staff, or somebody close to them as above."""
    return person in close_among(staff, [person])


def close_among(staff: int, persons: Collection[int]) -> set[int]:
    """Return the keys of the persons who are this member of staff, or close to them; five queries at most."""
    people = set(StaffRelation.objects.filter(staff=staff).values_list("person", flat=True))
    if not people or not persons:
        return set()
    covers = Membership.objects.filter(person__in=people).select_related("policy")
    family = Membership.objects.in_families_of(covers).filter(person__in=persons).values_list("person", flat=True)
    return (people | set(family) | _acting_for_each_other(people, persons)) & set(persons)


def _acting_for_each_other(people: Collection[int], persons: Collection[int]) -> set[int]:
    """Both sides of what is active between the two groups."""
    given = Q(giver__person__in=people, proxy__person__in=persons)
    received = Q(giver__person__in=persons, proxy__person__in=people)
    mandates = Mandate.objects.filter(given | received, accepted_at__isnull=False, ended_at__isnull=True)
    asked = Q(asker__person__in=people, person__in=persons) | Q(asker__person__in=persons, person__in=people)
    consents = ClaimConsent.objects.active().filter(asked)
    pairs = [*mandates.values_list("giver__person", "proxy__person"), *consents.values_list("asker__person", "person")]
    return {person for pair in pairs for person in pair}
