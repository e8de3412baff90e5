"""The holder's name is compared with the name on file, kindly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.insurance.bank_accounts.holders import is_another_name
from mypolis.membership.people.models import Person

PEOPLE = {
    "jelena": Person(market="rs", given_name="Jelena", surname="Đurić-Petrović"),
    "anna": Person(market="ru", given_name="Анна", patronymic="Сергеевна", surname="Соколова"),
    "suharto": Person(market="id", given_name="Suharto"),
}


@pytest.mark.parametrize(
    ("who", "holder"),
    [
        ("jelena", "Marko Petrović"),
        ("jelena", "Galenika d.o.o."),
        ("jelena", "-"),
        ("anna", "Соколов Пётр Сергеевич"),
        ("anna", "Анна Иванова"),
        ("suharto", "Budi Santoso"),
    ],
)
def test_somebody_elses_name_is_noticed(who: str, holder: str) -> None:
    assert is_another_name(holder, PEOPLE[who])


@pytest.mark.parametrize(
    ("who", "holder"),
    [
        ("jelena", "JELENA DJURIC PETROVIC"),
        ("jelena", "Петровић Јелена"),
        ("jelena", "J. Đurić"),
        ("anna", "ANNA SOKOLOVA"),
        ("anna", "Соколова А. С."),
        ("anna", "соколова анна сергеевна"),
        ("suharto", "SUHARTO"),
        ("suharto", "Haji Suharto"),
    ],
)
def test_another_spelling_of_the_same_name_is_accepted(who: str, holder: str) -> None:
    assert not is_another_name(holder, PEOPLE[who])


@given(st.sampled_from(sorted(PEOPLE)), st.text(max_size=130))
def test_any_text_can_be_compared(who: str, holder: str) -> None:
    assert is_another_name(holder, PEOPLE[who]) in (True, False)


@given(st.sampled_from(sorted(PEOPLE)), st.randoms())
def test_the_order_of_the_names_does_not_matter(who: str, random: object) -> None:
    words = PEOPLE[who].full_name.split()
    random.shuffle(words)  # type: ignore[attr-defined]

    assert not is_another_name(" ".join(words).upper(), PEOPLE[who])
