"""Matching rules, tested below HTTP: those that no test of a journey covers."""

from typing import Any

import pytest

from mypolis.foundation.markets import market as profile_of
from mypolis.membership.people.models import Person
from mypolis.membership.registration import matching
from tests.cast import BUDI, JELENA, Somebody, on_file

pytestmark = pytest.mark.django_db


def client_of(**changes: Any) -> Person | None:
    """The person whom Jelena's answers find in Serbia, after `changes`."""
    answers = {
        "national_id": JELENA.national_id,
        "mobile": JELENA.mobile,
        "policy_number": JELENA.policy_number,
        "email": "",
        **changes,
    }
    return matching.client(market="rs", today=profile_of("rs").today(), **answers)


def participant_of(somebody: Somebody, **changes: Any) -> Person | None:
    """The person whom somebody's answers find in Indonesia, after `changes`."""
    answers = {
        "policy_type": somebody.policy_type,
        "policy_number": somebody.policy_number,
        "participant_number": somebody.participant_number,
        "birth_date": somebody.birth_date,
        "email": somebody.email,
        **changes,
    }
    return matching.participant(market="id", today=profile_of("id").today(), **answers)


@pytest.mark.parametrize("answers", [{}, {"policy_number": "", "email": JELENA.email}], ids=["number", "email"])
def test_in_serbia_only_the_covered_are_found_by_policy_number_or_email(answers: dict[str, str]) -> None:
    person = on_file(JELENA)
    assert client_of(**answers) == person
    person.memberships.update(end=profile_of("rs").today(), start="2020-01-01")
    assert client_of(**answers) == person, "the last day is covered"
    person.memberships.update(end="2020-06-30")
    assert client_of(**answers) is None


def test_in_indonesia_two_with_the_same_details_are_not_told_apart() -> None:
    twin = BUDI.but(policy_type="individual", participant_number="", policy_number="IND-7")
    person = on_file(twin)
    assert participant_of(twin) == person
    on_file(twin.but(given_name="Bima"))
    assert participant_of(twin) is None


def test_in_indonesia_another_birth_date_finds_nobody() -> None:
    on_file(BUDI)
    assert participant_of(BUDI) is not None
    assert participant_of(BUDI, birth_date="1990-05-18") is None
