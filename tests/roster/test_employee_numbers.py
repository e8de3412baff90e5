"""Employee numbers in lists: placeholders count as empty, numbers of several people are reported."""

import pytest

from mypolis.membership.people.models import Membership, Person
from mypolis.membership.roster.report import Report
from tests.roster.cast import ANNA, BUDI, Load, Row, person

pytestmark = pytest.mark.django_db


def people(*numbers: str) -> list[Row]:
    """Return employees with these numbers, all born on the same day, and a child of the last one."""
    rows = [
        person(
            BUDI, participant_number=f"9{place}", given_name=name, email="", employee_number=number, relation="staff"
        )
        for place, (name, number) in enumerate(zip(("Raka", "Tari", "Dewi"), numbers, strict=False))
    ]
    child = {"participant_number": "99", "given_name": "Nino", "birth_date": "2017-08-09", "relation": "child"}
    return [*rows, {**rows[-1], **child}]


def problems_of(report: Report, code: str) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in report.warnings if problem.code == code]


@pytest.mark.parametrize("number", ["0", "000", "-", "n/a", "tidak ada", "нет", "nema", "xxx"])
def test_what_stands_in_place_of_a_number_is_taken_as_empty_and_reported(load_rows: Load, number: str) -> None:
    report = load_rows("id", *people(number, number), employer="hunt")
    assert (report.loaded, report.rejected) == (3, 0)
    assert problems_of(report, "placeholder") == [(row, "employee_number") for row in (2, 3, 4)]
    assert set(Membership.objects.values_list("employee_number", flat=True)) == {""}


def test_a_number_of_several_employees_is_reported_by_row(load_rows: Load) -> None:
    report = load_rows("id", *people("7", "12", "12"), employer="hunt")
    assert (report.loaded, report.rejected) == (4, 0)
    assert problems_of(report, "shared_number") == [(row, "employee_number") for row in (3, 4, 5)]
    assert Person.objects.count() == 4


def test_a_number_that_somebody_on_file_has_is_reported_too(load_rows: Load) -> None:
    first, second, child = people("12", "0012")
    assert problems_of(load_rows("id", first, employer="hunt"), "shared_number") == []
    report = load_rows("id", person(second, birth_date="1980-01-01"), child, employer="hunt")
    assert problems_of(report, "shared_number") == [(2, "employee_number"), (3, "employee_number")]


def test_a_number_of_several_tells_nobody_apart(load_rows: Load) -> None:
    """Two people have the same birthday: the second does not correct the first one's name."""
    anna, vera = (person(ANNA, given_name=name, email="", mobile="", employee_number="12") for name in ("Анна", "Вера"))
    for _again in range(2):
        assert load_rows("ru", anna, vera, employer="romashka").errors == ()
    assert load_rows("ru", person(vera, given_name="Ольга"), employer="romashka").loaded == 1
    assert set(Person.objects.values_list("given_name", flat=True)) == {"Анна", "Вера", "Ольга"}


def test_a_later_list_takes_what_stood_in_place_of_a_number_away(load_rows: Load) -> None:
    load_rows("id", *people("1", "2"), employer="hunt")
    Membership.objects.update(employee_number="0")
    load_rows("id", *people("n/a", "0"), employer="hunt")
    assert set(Membership.objects.values_list("employee_number", flat=True)) == {""}


def test_a_policy_or_participant_number_is_never_what_stands_in_place_of_one(load_rows: Load) -> None:
    rows = (person(BUDI, policy_number="0"), person(BUDI, participant_number="n/a"))
    report = load_rows("id", *rows)
    assert [(one.row, one.column, one.code) for one in report.errors] == [
        (2, "policy_number", "missing"),
        (3, "participant_number", "missing"),
    ]
    filled = load_rows("id", person(BUDI, policy_number="-"), policy_number="GRP-9")
    assert filled.loaded == 1
