"""Persons on file, their cover, and look-up columns."""

import importlib
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.membership.people.flows import (
    add_memberships,
    add_people,
    add_policies,
    change_memberships,
    change_people,
    ensure_employer,
    start_policies_earlier,
)
from mypolis.membership.people.models import Membership, Person, Policy
from tests import cast

DESK = Actor("staff", "3")
TODAY = date(2026, 2, 28)
YESTERDAY, TOMORROW = date(2026, 2, 27), date(2026, 3, 1)

pytestmark = pytest.mark.django_db


def jelena(**values: object) -> Person:
    return Person(
        **{
            "market": "rs",
            "surname": "Đorđević",
            "given_name": "Jelena",
            "birth_date": date(1978, 6, 22),
            "national_id": "2206978816007",
            "email": "Jelena@Example.Test",
        }
        | values
    )


def policy(**values: object) -> Policy:
    given = {"market": "rs", "type": "individual", "number": "RS-1", "number_key": "RS1", "start": YESTERDAY}
    made = Policy(**given | values)
    add_policies([made], market="rs", by=DESK)
    return made


def membership(person: Person, on: Policy, **values: object) -> Membership:
    made = Membership(**{"person": person, "policy": on, "start": YESTERDAY} | values)
    add_memberships([made], market="rs", by=DESK)
    return made


def on_file(**values: object) -> Person:
    made = jelena(**values)
    add_people([made], market="rs", by=DESK)
    return made


def test_a_national_id_is_on_file_once_in_a_market() -> None:
    on_file()
    with pytest.raises(IntegrityError), transaction.atomic():
        on_file(given_name="Marko")
    on_file(market="id")
    assert Person.objects.count() == 2


def test_a_national_id_is_found_though_it_is_not_readable_in_the_database() -> None:
    person = on_file()
    assert Person.objects.with_national_id("2206978816007").get() == person
    assert not Person.objects.with_national_id("2206978816008").exists()
    assert b"2206978816007" not in bytes(person.national_id_digest or b"")


def test_look_up_columns_follow_the_values() -> None:
    person = on_file()
    assert (person.name_key, person.email_key) == ("djordjevic jelena", "jelena@example.test")
    person.surname, person.email = "Ilić", ""
    change_people([person], market="rs", by=DESK)
    person.refresh_from_db()
    assert (person.name_key, person.email_key, person.national_id) == ("ilic jelena", "", "2206978816007")


@pytest.mark.parametrize(
    ("of_policy", "of_membership", "status"),
    [
        ({}, {"start": TOMORROW}, "future"),
        ({"start": TOMORROW}, {}, "future"),
        ({}, {"end": YESTERDAY}, "ended"),
        ({"end": YESTERDAY}, {}, "ended"),
        ({"cancelled_at": timezone.now()}, {}, "ended"),
        ({}, {"end": TODAY}, "active"),
        ({"start": TODAY}, {"start": TODAY}, "active"),
        ({}, {}, "active"),
    ],
)
def test_cover_needs_the_membership_and_the_policy(
    of_policy: dict[str, object], of_membership: dict[str, object], status: str
) -> None:
    person = on_file()
    cover = membership(person, policy(**of_policy), **of_membership)
    assert cover.status_on(TODAY) == status
    assert person.is_covered_on(TODAY) is (status == "active")
    assert Person.objects.covered_on(TODAY).exists() is (status == "active")


def test_an_employer_is_made_once() -> None:
    first = ensure_employer(market="ru", key="romashka", by=DESK)
    assert ensure_employer(market="ru", key="romashka", by=DESK) == first
    assert ensure_employer(market="id", key="romashka", by=DESK) != first
    assert Event.objects.filter(kind="employer.added").count() == 2


def test_every_writer_leaves_an_event_with_who_did_it() -> None:
    person, cover = on_file(), policy()
    taken = membership(person, cover)
    taken.plan = "Gold"
    change_memberships([taken], market="rs", by=DESK)
    start_policies_earlier([(cover, date(2020, 1, 1))], market="rs", by=DESK)
    kinds = list(Event.objects.order_by("pk").values_list("kind", "actor_id", "subject"))
    assert kinds == [
        ("person.added", "3", f"people.person:{person.pk}"),
        ("policy.added", "3", f"people.policy:{cover.pk}"),
        ("membership.added", "3", f"people.membership:{taken.pk}"),
        ("membership.changed", "3", f"people.membership:{taken.pk}"),
        ("policy.changed", "3", f"people.policy:{cover.pk}"),
    ]


def test_a_greeting_leaves_out_what_is_not_there() -> None:
    assert jelena().greeting_name == "Jelena"
    assert jelena(given_name="Анна", patronymic="Сергеевна").greeting_name == "Анна Сергеевна"
    assert jelena(surname="", given_name="Budi").full_name == "Budi"


def test_names_that_came_on_file_with_a_glued_particle_are_found(db: None) -> None:
    migration = importlib.import_module("mypolis.membership.people.migrations.0004_glued_particles")
    person = cast.on_file(cast.ALI.but(patronymic="Гасаноглы"))
    Person.objects.update(name_key="мамедов али гасаноглы")
    with connection.cursor() as cursor:
        cursor.execute(migration.Migration.operations[0].sql)
    assert Person.objects.get().name_key == person.name_key == "мамедов али гасан оглы"
