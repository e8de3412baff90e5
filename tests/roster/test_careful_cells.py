"""Lists that a spreadsheet changed: changed values are refused or reported, never guessed."""

from datetime import date
from pathlib import Path

import pytest

from mypolis.membership.people.models import Membership, Person, Policy
from mypolis.membership.roster.flows import load
from mypolis.membership.roster.problems import RosterRefusedError
from mypolis.membership.roster.report import Report
from tests.lib.tables.sheets import DATE, DATE_TIME, number, text, texts, xlsx
from tests.roster.cast import ANNA, BUDI, HR, Load, person

pytestmark = pytest.mark.django_db

HEADER = texts(1, "policy_number", "participant_number", "given_name", "surname", "birth_date")


def sent(folder: Path, content: bytes | str, market: str = "id", **options: object) -> Report:
    path = folder / "list"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(market=market, path=path, employer="hunt", invite_new=False, by=HR, **options)  # type: ignore[arg-type]


def problems_of(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in (*report.errors, *report.warnings)]


def test_a_number_shown_with_zeros_is_the_number_with_zeros(tmp_path: Path) -> None:
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="164" '
        'formatCode="00000000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    rest = text("C2", "Wulan") + text("D2", "Prabowo") + text("E2", "1988-04-02")
    as_text = xlsx({1: HEADER, 2: text("A2", "7") + text("B2", "00012301") + rest})
    as_number = xlsx(
        {1: HEADER, 2: number("A2", "7") + number("B2", "12301", 1) + rest}, more={"xl/styles.xml": styles}
    )
    assert sent(tmp_path, as_text).loaded == 1
    assert sent(tmp_path, as_number).unchanged == 1
    assert Membership.objects.get().participant_number == "00012301"


def test_a_number_that_became_a_date_is_refused(tmp_path: Path) -> None:
    rest = text("C2", "Yogi") + text("D2", "Permadi") + text("E2", "1990-01-01")
    report = sent(tmp_path, xlsx({1: HEADER, 2: number("A2", "46093", DATE) + number("B2", "46093", DATE) + rest}))
    assert problems_of(report) == [(2, "policy_number", "became_date"), (2, "participant_number", "became_date")]


@pytest.mark.parametrize("email", ["", BUDI["email"]])
def test_a_number_that_lost_its_zeros_is_refused_and_one_that_got_them_back_is_a_correction(
    load_rows: Load, email: str
) -> None:
    right, wrong = person(BUDI, email=email), person(BUDI, email=email, participant_number="123")
    load_rows("id", right, employer="hunt")
    assert problems_of(load_rows("id", wrong, employer="hunt")) == [(2, "participant_number", "lost_zero")]
    Membership.objects.update(participant_number="123", participant_key="123")
    assert load_rows("id", right, employer="hunt").updated == 1
    assert Membership.objects.get().participant_number == "000123"


def test_somebody_else_may_have_the_number_without_zeros(load_rows: Load) -> None:
    load_rows("id", BUDI, employer="hunt")
    other = person(BUDI, participant_number="123", given_name="Siti", birth_date="1985-01-01", email="")
    assert load_rows("id", other, employer="hunt").loaded == 1


def test_a_birth_date_is_never_the_day_before(tmp_path: Path) -> None:
    def row(line: int, moment: str) -> str:
        return texts(line, "7", f"000{line}", f"Asih {'abcd'[line - 2]}", "Lestari") + number(
            f"E{line}", moment, DATE_TIME
        )

    rows = {1: HEADER, 2: row(2, "33428.999502"), 3: row(3, "32932.958333"), 4: row(4, "33429")}
    report = sent(tmp_path, xlsx(rows))
    assert problems_of(report) == [(3, "birth_date", "time_of_day"), (2, "birth_date", "rounded_time")]
    assert set(Person.objects.values_list("birth_date", flat=True)) == {date(1991, 7, 10)}


@pytest.mark.parametrize("guard", ['="{}"', "'{}"])
def test_guards_of_spreadsheets_are_taken_off(load_rows: Load, guard: str) -> None:
    load_rows("id", BUDI, employer="hunt")
    columns = ("policy_number", "participant_number", "birth_date", "email", "policy_type")
    guarded = BUDI | {column: guard.format(BUDI[column]) for column in columns}
    assert load_rows("id", guarded, employer="hunt").unchanged == 1


def test_a_hint_for_spreadsheets_is_no_header(tmp_path: Path) -> None:
    for hint in ("sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=;\n", "sep=;;;;;\n", 'sep=";"\n', "sep = ;\n"):
        rows = (
            "policy_number;participant_number;given_name;surname;birth_date\n7;1;Ayu, S.E.;Putri;1990-01-02\n7;2;A;;x\n"
        )
        report = sent(tmp_path, hint + rows)
        assert problems_of(report) == [(4, "birth_date", "not_a_date")]
    assert Person.objects.get().given_name == "Ayu, S.E."


def test_merged_cells_count_for_every_row(tmp_path: Path) -> None:
    rows = {
        1: HEADER + text("F1", "plan"),
        2: texts(2, "7", "1", "Gita", "Saputri", "1990-01-01", "Gold"),
        3: text("B3", "2") + text("C3", "Hana") + text("D3", "Saputri") + text("E3", "1990-02-02"),
    }
    data = "".join(f'<row r="{line}">{cells}</row>' for line, cells in rows.items())
    merged = '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="F2:F3"/></mergeCells>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData>{merged}</worksheet>'
    assert sent(tmp_path, xlsx(rows, more={"xl/worksheets/sheet1.xml": sheet})).loaded == 2
    assert set(Membership.objects.values_list("plan", flat=True)) == {"Gold"}


@pytest.mark.parametrize("nothing", ["01.01.0001", "30.12.1899", "1900-01-01", "00.00.0000", "31.12.9999"])
def test_an_empty_date_of_a_program_ends_nobody(load_rows: Load, nothing: str) -> None:
    load_rows("ru", person(ANNA, start="2026-01-01"), employer="hunt")
    report = load_rows("ru", person(ANNA, end=nothing), employer="hunt")
    assert problems_of(report) == [(2, "end", "empty_date")]
    assert Membership.objects.values_list("start", "end").get() == (date(2026, 1, 1), None)


def test_an_empty_date_of_a_program_moves_no_start(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, start="2026-01-01"), employer="hunt")
    report = load_rows("ru", person(ANNA, start="30.12.1899"), employer="hunt")
    assert problems_of(report) == [(2, "start", "empty_date")]
    assert Policy.objects.get().start == Membership.objects.get().start == date(2026, 1, 1)


@pytest.mark.parametrize("day", ["1850-01-01", "2500-01-01", "0026-11-01"])
def test_a_day_that_no_policy_can_have_is_refused(load_rows: Load, day: str) -> None:
    assert problems_of(load_rows("ru", person(ANNA, start=day))) == [(2, "start", "impossible_date")]


@pytest.mark.parametrize("name", ["Соколов?", "????", "nan", "Соколова\ufffd", "РЎРѕРєРѕР»РѕРІР°", "Ñîêîëîâà"])
def test_a_name_with_lost_letters_is_refused(load_rows: Load, name: str) -> None:
    assert problems_of(load_rows("ru", person(ANNA, surname=name))) == [(2, "surname", "lost_letters")]


@pytest.mark.parametrize(("column", "cell"), [("policy_number", "???-204/7"), ("email", "petrovi?@example.test")])
def test_a_number_or_an_address_with_lost_letters_is_refused(load_rows: Load, column: str, cell: str) -> None:
    assert problems_of(load_rows("ru", person(ANNA, **{column: cell}))) == [(2, column, "lost_letters")]


@pytest.mark.parametrize("number", ["0", "n/a", "1.2E+5", "???-1"])
def test_a_policy_for_all_rows_is_a_number_too(load_rows: Load, number: str) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        load_rows("ru", person(ANNA, policy_number=""), policy_number=number)
    assert refused.value.code == "bad_policy"


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Дата открепления (последний день)",
            "Дата открепления последний день",
            "Отчество (при наличии)",
            "Телефон (моб.)",
        ),
        *(
            "End date (last day)",
            "End of cover",
            "Tanggal berakhir (terakhir)",
            "Datum isteka polise",
            "Kraj osiguranja",
        ),
        *("E-mail (work)", "Программа ДМС", "ФИО", "Ф.И.О.", "Степень родства с сотрудником", "Full name"),
    ],
)
def test_a_column_that_means_something_is_never_left_out_unsaid(load_rows: Load, title: str) -> None:
    row = {name: cell for name, cell in ANNA.items() if name not in ("mobile", "email", "patronymic")}
    with pytest.raises(RosterRefusedError) as refused:
        load_rows("ru", row | {title: "2026-11-01"})
    assert refused.value.code == "unclear_column"
    assert title in refused.value.message


@pytest.mark.parametrize("title", ["№ п/п", "Пол", "Должность", "Department", "Catatan", "Napomena", "Nama perusahaan"])
def test_a_column_that_means_nothing_here_is_left_out_with_a_warning(load_rows: Load, title: str) -> None:
    assert problems_of(load_rows("ru", ANNA | {title: "x"})) == [(1, title, "unknown_column")]
