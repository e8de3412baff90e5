"""A person whose name is written differently in a later list is recognised or reported."""

from datetime import date

import pytest

from mypolis.membership.people.models import Membership, Person, Policy
from mypolis.membership.roster.report import Report
from tests.roster.cast import ANNA, BUDI, PYOTR, VERA, Load, Row, person

pytestmark = pytest.mark.django_db


def problems_of(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in (*report.errors, *report.warnings)]


def turned(row: Row) -> Row:
    """Return the same person with surname and given name swapped."""
    return row | {"surname": row["given_name"], "given_name": row["surname"]}


@pytest.mark.parametrize("contacts", [{}, {"email": "", "mobile": ""}])
def test_a_list_with_turned_names_meets_the_same_people(load_rows: Load, contacts: Row) -> None:
    people = [person(row, **contacts) for row in (ANNA, PYOTR, VERA)]
    load_rows("ru", *people, employer="romashka")
    report = load_rows("ru", *map(turned, people), employer="romashka")
    assert (report.loaded, report.updated, report.rejected) == (0, 3, 0)
    assert problems_of(report) == [(row, "surname", "name_turned") for row in (2, 3, 4)]
    assert load_rows("ru", *people, employer="romashka").updated == 3
    assert (Person.objects.count(), Membership.objects.count()) == (3, 3)


def test_turned_names_without_a_patronymic_meet_the_same_people(load_rows: Load) -> None:
    load_rows("ru", ANNA, PYOTR, employer="romashka")
    short = [{name: cell for name, cell in turned(row).items() if name != "patronymic"} for row in (ANNA, PYOTR)]
    report = load_rows("ru", *short, employer="romashka")
    assert (report.loaded, problems_of(report)) == (0, [(row, "surname", "name_turned") for row in (2, 3)])


def test_names_that_a_number_shows_to_be_turned_are_reported_too(load_rows: Load) -> None:
    load_rows("id", BUDI, employer="hunt")
    assert problems_of(load_rows("id", turned(BUDI), employer="hunt")) == [(2, "surname", "name_turned")]
    assert problems_of(load_rows("id", person(turned(BUDI), surname="Susanto"), employer="hunt")) == []


def test_turned_names_on_the_next_years_policy_meet_the_same_people(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, email="", mobile=""), employer="romashka")
    load_rows("ru", turned(person(ANNA, policy_number="ДМС-205", email="", mobile="")), employer="romashka")
    assert Person.objects.get().memberships.count() == 2


def test_invitations_stand_when_names_are_turned(load_rows: Load) -> None:
    assert load_rows("ru", ANNA, employer="romashka").sent == 1
    report = load_rows("ru", turned(ANNA), employer="romashka")
    assert (report.sent, report.withheld) == (0, ())
    assert list(Person.objects.get().invitations.values_list("voided_at", flat=True)) == [None]


def test_two_people_with_each_others_names_are_two(load_rows: Load) -> None:
    both = (person(ANNA, email="a@example.test"), turned(person(ANNA, email="b@example.test", mobile="")))
    for _again in range(2):
        report = load_rows("ru", *both, employer="romashka")
        assert problems_of(report) == []
    assert Person.objects.count() == 2


def test_somebody_alike_under_another_name_is_reported(load_rows: Load) -> None:
    load_rows("ru", ANNA, employer="romashka")
    report = load_rows("ru", person(ANNA, surname="Белова", given_name="Инна"), employer="romashka")
    assert (report.loaded, problems_of(report)) == (1, [(2, "", "maybe_on_file")])


@pytest.mark.parametrize("names", [("Сухарто", ""), ("", "Сухарто"), ("Сухарто", "-"), ("—", "Сухарто")])
def test_somebody_with_one_name_is_loaded_and_told(load_rows: Load, names: tuple[str, str]) -> None:
    row = person(VERA, surname=names[0], given_name=names[1])
    report = load_rows("ru", row, employer="romashka")
    empty = "given_name" if names[0] == "Сухарто" else "surname"
    assert problems_of(report) == [(2, empty, "only_name")]
    found = Person.objects.get()
    assert (found.surname, found.given_name) == ("", "Сухарто")
    assert load_rows("ru", row, employer="romashka").unchanged == 1


@pytest.mark.parametrize("nothing", ["n/a", "нет", "б/о", "отсутствует", "-"])
def test_a_word_that_says_there_is_no_name_is_no_name(load_rows: Load, nothing: str) -> None:
    assert load_rows("ru", person(ANNA, surname=nothing, given_name="Сухарто", patronymic=nothing)).loaded == 1
    assert Person.objects.values_list("surname", "given_name").get() == ("", "Сухарто")


@pytest.mark.parametrize("surname", ["Na", "No", "Net", "Null", "Нетов"])
def test_a_name_that_looks_like_no_name_is_one(load_rows: Load, surname: str) -> None:
    load_rows("id", person(BUDI, surname=surname))
    assert Person.objects.get().surname == surname


def test_one_name_is_all_that_many_have_in_indonesia(load_rows: Load) -> None:
    assert problems_of(load_rows("id", person(BUDI, surname=""), person(BUDI, surname="-"))) == [(3, "", "duplicate")]


def test_a_missing_name_of_somebody_with_a_patronymic_is_missing(load_rows: Load) -> None:
    assert problems_of(load_rows("ru", person(ANNA, given_name=""))) == [(2, "given_name", "missing")]
    assert problems_of(load_rows("ru", person(ANNA, surname="", given_name="", patronymic="")))[0][2] == "missing"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ибрагим оглы", "Ибрагимоглы"),
        ("Ибрагимоглы", "Ибрагим Оглы"),
        ("Ибрагим-оглы", "Ибрагимоглы"),
        ("Руслан кызы", "Русланкызы"),
        ("Амиргали улы", "Амиргалиулы"),
        ("Асан уулу", "Асануулу"),
        ("Али оглу", "Алиоглу"),
    ],
)
def test_a_particle_may_be_glued_to_the_name_before_it(load_rows: Load, first: str, second: str) -> None:
    rows = [person(ANNA, patronymic=patronymic, email="", mobile="") for patronymic in (first, second)]
    assert load_rows("ru", rows[0], employer="romashka").loaded == 1
    assert load_rows("ru", rows[1], employer="romashka").loaded == 0
    assert Person.objects.count() == 1


def test_latin_names_and_lost_serbian_letters_are_reported(load_rows: Load) -> None:
    latin = person(VERA, surname="Ivanova", given_name="Vera")
    assert problems_of(load_rows("ru", latin)) == [(2, "surname", "latin_name")]


def test_an_end_never_moves_a_start(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, start="2026-01-01"), employer="romashka")
    report = load_rows("ru", person(ANNA, end="2025-12-31"), person(PYOTR, end="2001-01-01"), employer="romashka")
    assert problems_of(report) == [(2, "end", "ends_before_it_began"), (3, "end", "ends_before_it_began")]
    assert Membership.objects.values_list("start", "end").get() == (date(2026, 1, 1), None)
    assert Policy.objects.get().start == date(2026, 1, 1)


def test_a_start_after_an_end_begins_anew(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, start="2020-01-01", end="2020-12-31"), employer="romashka")
    load_rows("ru", person(ANNA, start="2026-01-01"), employer="romashka")
    assert Membership.objects.values_list("start", "end").get() == (date(2026, 1, 1), None)
