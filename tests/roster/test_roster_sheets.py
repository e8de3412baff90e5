"""Lists in spreadsheets: refusals, line numbers of problems, and the same result as for a CSV list."""

from pathlib import Path

import pytest

from mypolis.membership.people.models import Employer, Membership, Person
from mypolis.membership.roster.flows import load
from mypolis.membership.roster.problems import RosterRefusedError
from mypolis.membership.roster.report import Report
from tests.lib.tables.sheets import DATE, number, ole, text, texts, xls, xlsx
from tests.roster.cast import ANNA, BUDI, HR, JELENA

pytestmark = pytest.mark.django_db

RUSSIAN = texts(1, "policy_number", "surname", "given_name", "birth_date", "mobile", "end")


def sent(folder: Path, market: str, content: bytes, employer: str | None = None) -> Report:
    path = folder / "list"
    path.write_bytes(content)
    return load(market=market, path=path, employer=employer, invite_new=False, by=HR)


def problems_of(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in report.errors]


def test_a_spreadsheet_with_a_password_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        sent(tmp_path, "ru", ole("EncryptedPackage", bytes(5_000)))
    assert refused.value.code == "protected"
    assert "password" in refused.value.message


def test_a_sheet_made_to_burst_is_refused_and_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        sent(tmp_path, "ru", xlsx({1: RUSSIAN, 1_048_576: text("XFD1048576", "x")}), "romashka")
    assert refused.value.code == "too_large_inside"
    assert not Employer.objects.exists()


def test_a_formula_without_a_result_refuses_its_row_and_never_reads_as_empty(tmp_path: Path) -> None:
    good = texts(2, "7", "Соколова", "Анна", "1988-03-14")
    failed = texts(3, "7", "Соколов", "Олег", "1988-03-15") + '<c r="F3" t="e"><f>A0</f><v>#REF!</v></c>'
    never = texts(4, "7", "Соколов", "Пётр", "1988-03-16") + '<c r="F4" s="1"><f>TODAY()</f><v/></c>'
    report = sent(tmp_path, "ru", xlsx({1: RUSSIAN, 2: good, 3: failed, 4: never}))
    assert problems_of(report) == [(3, "end", "failed_formula"), (4, "end", "failed_formula")]
    assert Person.objects.get().given_name == "Анна"


def test_a_failed_formula_in_a_column_that_nobody_needs_harms_nothing(tmp_path: Path) -> None:
    header = RUSSIAN + text("G1", "our remarks")
    row = texts(2, "7", "Соколова", "Анна", "1988-03-14") + '<c r="G2" t="e"><v>#N/A</v></c>'
    report = sent(tmp_path, "ru", xlsx({1: header, 2: row}))
    assert problems_of(report) == []
    assert Person.objects.count() == 1


def test_what_a_spreadsheet_took_from_a_number_is_told(tmp_path: Path) -> None:
    header = texts(1, "policy_number", "national_id", "surname", "given_name")
    no_zero = text("A2", "1") + number("B2", "101990710008") + text("C2", "Ilić") + text("D2", "Ana")
    rounded = number("A3", "1234567890123456789") + text("B3", JELENA["national_id"])
    rounded += text("C3", "Đorđević") + text("D3", "Jelena")
    report = sent(tmp_path, "rs", xlsx({1: header, 2: no_zero, 3: rounded}))
    assert problems_of(report) == [(2, "national_id", "lost_zero"), (3, "policy_number", "scientific")]


def test_lines_are_those_of_the_sheet_under_a_blank_beginning(tmp_path: Path) -> None:
    header = RUSSIAN.replace('1"', '4"')
    report = sent(tmp_path, "ru", xlsx({4: header, 9: texts(9, "7", "Соколова", "Анна", "31.02.1990")}))
    assert problems_of(report) == [(9, "birth_date", "not_a_date")]


def test_numbers_and_dates_of_a_spreadsheet_are_those_that_were_typed(tmp_path: Path) -> None:
    row = number("A2", "12345.0") + text("B2", ANNA["surname"]) + text("C2", ANNA["given_name"])
    row += number("D2", "32216", DATE) + number("E2", "79161234567")
    report = sent(tmp_path, "ru", xlsx({1: RUSSIAN, 2: row}))
    assert problems_of(report) == []
    membership = Membership.objects.get()
    assert membership.policy.number == "12345"
    assert membership.person.birth_date.isoformat() == "1988-03-14"


def test_an_old_spreadsheet_is_loaded_like_the_same_list_in_a_new_one(tmp_path: Path) -> None:
    columns, cells = tuple(BUDI), tuple(BUDI.values())
    first = sent(tmp_path, "id", xls({1: columns, 2: cells}))
    again = sent(tmp_path, "id", xlsx({1: texts(1, *columns), 2: texts(2, *cells)}))
    assert problems_of(first) == problems_of(again) == []
    assert Membership.objects.get().participant_number == "000123"
