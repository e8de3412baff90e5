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
    people = list(StaffRelation.objects.filter(staff=staff).values_list("person", flat=True))
    if not people:
        return False
    if person in people:
        return True
    covers = Membership.objects.filter(person=person).select_related("policy")
    is_in_family = Membership.objects.in_families_of(covers).filter(person__in=people).exists()
    return is_in_family or _act_for_each_other(people, person)


def _act_for_each_other(people: Collection[int], person: int) -> bool:
    proxies = Q(giver__person__in=people, proxy__person=person) | Q(giver__person=person, proxy__person__in=people)
    if Mandate.objects.filter(proxies, accepted_at__isnull=False, ended_at__isnull=True).exists():
        return True
    consents = Q(asker__person__in=people, person=person) | Q(asker__person=person, person__in=people)
    return ClaimConsent.objects.active().filter(consents).exists()
