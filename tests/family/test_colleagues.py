"""The insurer's staff are insured people, too: their own and their family's matters are not theirs to handle."""

from datetime import date

import pytest
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.membership.family.models import Mandate, StaffRelation
from mypolis.membership.family.staff_relations.colleagues import enter_relation, is_own_or_family, remove_relation
from mypolis.membership.people.models import Membership, Person
from tests.cast import BUDI, SITI, on_file
from tests.family.home import account

pytestmark = pytest.mark.django_db
ADMINISTRATOR = Actor("staff", "77")
RINA = 7


def cover(person: Person) -> Membership:
    return person.memberships.select_related("policy").get()


def in_one_family(*people: Person) -> None:
    """Put people on the first one's policy, the first as its holder and the others as spouses."""
    policy = people[0].memberships.get().policy
    for place, person in enumerate(people):
        relation = "spouse" if place else "employee"
        person.memberships.update(policy=policy, employee_number="E7", relation=relation)


def test_of_whom_nothing_was_entered_nobody_is_family() -> None:
    assert not is_own_or_family(RINA, cover(on_file(BUDI)))


def test_strangers_to_each_other_are_no_family() -> None:
    enter_relation(staff=RINA, person=on_file(SITI), by=ADMINISTRATOR)
    assert not is_own_or_family(RINA, cover(on_file(BUDI)))


def test_ones_own_cover_is_ones_own_and_that_of_nobody_else_at_the_desk() -> None:
    budi = on_file(BUDI)
    enter_relation(staff=RINA, person=budi, by=ADMINISTRATOR)
    assert is_own_or_family(RINA, cover(budi))
    assert not is_own_or_family(RINA + 1, cover(budi))


def test_a_spouse_on_the_same_policy_is_family_also_after_their_cover_ended() -> None:
    budi, siti = on_file(BUDI), on_file(SITI)
    in_one_family(budi, siti)
    enter_relation(staff=RINA, person=siti, by=ADMINISTRATOR)
    assert is_own_or_family(RINA, cover(budi))
    siti.memberships.update(end=date(2020, 1, 31))
    assert is_own_or_family(RINA, cover(budi))


@pytest.mark.parametrize("rina_gives", [True, False])
def test_who_acts_for_the_other_is_close_in_both_directions_until_it_ends(rina_gives: bool) -> None:
    budi, siti = on_file(BUDI), on_file(SITI)
    enter_relation(staff=RINA, person=siti, by=ADMINISTRATOR)
    giver, proxy = (siti, budi) if rina_gives else (budi, siti)
    now = timezone.now()
    mandate = Mandate.objects.create(
        market="id",
        giver=account(giver, by=ADMINISTRATOR),
        proxy=account(proxy, by=ADMINISTRATOR),
        typed="x",
        expires_at=now,
        accepted_at=now,
    )
    assert is_own_or_family(RINA, cover(budi))
    mandate.ended_at = now
    mandate.save()
    assert not is_own_or_family(RINA, cover(budi))


def test_entering_and_removing_is_recorded_once() -> None:
    budi = on_file(BUDI)
    for _again in range(2):
        enter_relation(staff=RINA, person=budi, by=ADMINISTRATOR)
    assert StaffRelation.objects.count() == 1
    assert [remove_relation(staff=RINA, person=budi, by=ADMINISTRATOR) for _again in range(2)] == [True, False]
    kinds = Event.objects.filter(kind__startswith="staff_relation").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["staff_relation.entered", "staff_relation.removed"]
