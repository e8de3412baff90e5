from collections import Counter
from typing import Any

import pytest
from django.test import Client

from mypolis.demo.cast import members
from mypolis.demo.models import InboxMessage, SamplePerson
from mypolis.demo.seed import seed
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.factors.passwords.password_rules import problems
from mypolis.foundation.lib.jmbg import normalise_jmbg
from mypolis.foundation.markets import all_markets
from mypolis.membership.roster.flows import invite_due

pytestmark = pytest.mark.django_db

type People = dict[str, list[dict[str, Any]]]

KEYS = {
    "market", "state", "policy_type", "policy_number", "participant_number", "national_id", "surname",
    "given_name", "patronymic", "birth_date", "mobile", "email", "username", "password", "invitation_url",
}  # fmt: skip


@pytest.fixture(scope="module")
def people(module_rows: None) -> People:
    seed()
    client = Client()
    return {code: client.get(f"/inbox/people.json?market={code}").json() for code in all_markets()}


def labelled(people: list[dict[str, Any]], label: str) -> list[dict[str, Any]]:
    return [person for person in people if label in person["label"]]


def test_every_market_has_people_in_every_state(people: People) -> None:
    for code, here in people.items():
        assert 55 <= len(here) <= 65
        assert all(person.keys() >= KEYS for person in here)
        states = Counter(person["state"] for person in here)
        assert states["new"] >= 20
        assert (states["terminated"], states["future"], states["registered"]) == (3, 3, 3)
        assert states["invited"] == (4 if code == "ru" else 0)


def test_ordinary_people_come_first_and_lack_nothing(people: People) -> None:
    for here in people.values():
        for person in here[:20]:
            assert person["state"] == "new"
            assert person["label"] == ""
            assert person["email"]
            assert person["mobile"].startswith("+")
        ordinary = [person for person in here if not person["label"]]
        for column in ("email", "mobile"):
            assert len({person[column] for person in ordinary}) == len(ordinary)


def test_serbia_has_a_couple_and_two_without_email(people: People) -> None:
    one, other = labelled(people["rs"], "couple")
    assert (one["mobile"], one["policy_number"]) == (other["mobile"], other["policy_number"])
    assert one["national_id"] != other["national_id"]
    assert [person["email"] for person in labelled(people["rs"], "no e-mail")] == ["", ""]
    for person in people["rs"]:
        assert normalise_jmbg(person["national_id"]) == person["national_id"]


def test_indonesia_has_all_three_policy_types_and_single_names(
    people: People,
) -> None:
    new = [person for person in people["id"] if person["state"] == "new"]
    types = Counter(person["policy_type"] for person in new)
    assert types["group"] >= 16
    assert types["individual"] >= 4
    assert types["sharia"] >= 4
    assert all(person["email"] for person in new)
    assert all(person["participant_number"] for person in new if person["policy_type"] == "group")
    assert any(not person["surname"] for person in new)
    assert all(person["username"] for person in people["id"] if person["state"] == "registered")


def test_russia_has_the_names_that_are_hard(people: People) -> None:
    here = people["ru"]
    assert all(len(person["patronymic"].split()) == 2 for person in labelled(here, "four words"))
    assert all("ё" in f"{person['surname']}{person['given_name']}".lower() for person in labelled(here, "ё in"))
    assert [person["patronymic"] for person in labelled(here, "no patronymic")] == ["", "", ""]
    one, other = labelled(here, "one e-mail")
    assert one["email"] == other["email"]
    assert one["state"] == other["state"] == "new"


def test_the_link_of_an_invited_person_comes_from_the_inbox(people: People, client: Client) -> None:
    invited = next(person for person in people["ru"] if person["state"] == "invited")
    assert invited["invitation_url"] == ""
    InboxMessage.objects.create(
        market="ru",
        channel="email",
        to=invited["email"],
        text="…",
        links=["http://localhost:8000/ru/", "http://localhost:8000/ru/i/abc"],
        sent_at="2026-11-20T12:00:00Z",
        message_id="1",
    )
    again = client.get("/inbox/people.json?market=ru").json()
    (found,) = [person for person in again if person["email"] == invited["email"]]
    assert found["invitation_url"] == "http://localhost:8000/ru/i/abc"


def test_ordinary_people_stay_new_after_the_daily_round_of_invitations(people: People, client: Client) -> None:
    assert invite_due(market="ru", by=SYSTEM).sent == 0
    assert client.get("/inbox/people.json?market=ru").json() == people["ru"]


def test_passwords_are_shown_only_of_those_who_have_one(people: People) -> None:
    for here in people.values():
        assert all(bool(person["password"]) == (person["state"] == "registered") for person in here)


def test_the_passwords_of_the_cast_would_pass_at_registration() -> None:
    for profile in all_markets().values():
        for member in members(profile.code, profile.today()):
            if member.password:
                personal = member.cells.values()
                assert problems(member.password, min_length=profile.password_min_length, personal=personal) == []


def test_seeding_again_changes_nothing(people: People) -> None:
    before = SamplePerson.objects.count()
    seed()
    assert SamplePerson.objects.count() == before


def test_an_unknown_market_has_no_people(client: Client) -> None:
    assert client.get("/inbox/people.json?market=xx").json() == []
