"""Feeds and payment lists from spreadsheets are read by the same strict rules as rosters."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.lib.tables.table_reader import TabularError
from mypolis.insurance.coverage.billing.payments import load_payments
from mypolis.insurance.coverage.documents.policy_documents import DocumentRefused, Place, add_document
from mypolis.insurance.coverage.feeds.feed import FeedReport, load_feed, take_entries
from mypolis.insurance.coverage.models import Entry, Instalment
from mypolis.membership.people.models import Membership
from tests.cast import JELENA, on_file
from tests.coverage.books import loaded
from tests.coverage.members import insured
from tests.lib.tables.sheets import DATE, DATE_TIME, number, text, texts, xlsx

pytestmark = pytest.mark.django_db

FEED = ("id", "kind", "policy_number", "participant_number", "benefit", "amount", "date")
PAYMENTS = ("id", "policy_number", "due", "amount", "currency", "paid_on")


@pytest.fixture
def budi(tmp_path: Path) -> Membership:
    loaded(tmp_path)
    return insured()


@pytest.fixture
def jelena() -> None:
    on_file(JELENA)
    on_file(
        JELENA.but(national_id="2206978816007", given_name="Ana", policy_number="RS-2002", email="ana@example.test")
    )


def problems_of(report: FeedReport) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.place, problem.code) for problem in report.errors]


def fed(folder: Path, *rows: Iterable[str], header: Iterable[str] = FEED) -> FeedReport:
    (folder / "feed.csv").write_text("\n".join(";".join(row) for row in (header, *rows)))
    return load_feed(market="id", path=folder / "feed.csv", by=SYSTEM)


def paid(folder: Path, *rows: Iterable[str], header: Iterable[str] = PAYMENTS) -> FeedReport:
    (folder / "due.csv").write_text("\n".join(";".join(row) for row in (header, *rows)))
    return load_payments(market="rs", path=folder / "due.csv", by=SYSTEM)


def entry(**changes: str) -> tuple[str, ...]:
    row = {
        **{"id": "c1", "kind": "use", "policy_number": "GRP-88", "participant_number": "000123", "benefit": "drugs"},
        **{"amount": "5", "date": "2026-03-05"},
    }
    return tuple((row | changes).values())


def payment(**changes: str) -> tuple[str, ...]:
    row = {"id": "p1", "policy_number": "RS-2001", "due": "2026-03-05", "amount": "5", "currency": "RSD", "paid_on": ""}
    return tuple((row | changes).values())


@pytest.mark.parametrize(
    "amount", ["150.000", "1.250.000", "150.000,00", "Rp 150.000", "٣٠٠", "1_200", "NaN", "1e2", "1 200"]
)
def test_an_amount_that_can_be_read_in_two_ways_is_refused_everywhere(
    amount: str, budi: Membership, jelena: None, tmp_path: Path
) -> None:
    assert problems_of(fed(tmp_path, entry(amount=amount))) == [(2, "amount", "bad_amount")]
    assert problems_of(paid(tmp_path, payment(amount=amount))) == [(2, "amount", "bad_amount")]
    sent = dict(zip(FEED, entry(amount=amount), strict=True))
    assert problems_of(take_entries(market="id", entries=[sent], by=SYSTEM)) == [(1, "amount", "bad_amount")]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"id": "1.23E+12"}, ("id", "scientific")),
        ({"participant_number": "1,23E+05"}, ("participant_number", "scientific")),
        ({"policy_number": "88.0"}, ("policy_number", "changed_number")),
        ({"id": "n/a"}, ("id", "bad_external_id")),
        ({"id": "#N/A"}, ("id", "failed_formula")),
        ({"date": "2026-03-05 14:30"}, ("date", "time_of_day")),
        ({"date": "2026-03-05T23:59:59"}, ("date", "time_of_day")),
        ({"date": "01.01.0001"}, ("date", "impossible_date")),
        ({"date": "1899-12-30"}, ("date", "impossible_date")),
        ({"date": "9999-12-31"}, ("date", "impossible_date")),
        ({"date": "20260305"}, ("date", "not_a_date")),
        ({"participant_number": "0"}, ("policy_number", "ambiguous_member")),
    ],
    ids=str,
)
def test_a_cell_of_a_feed_that_cannot_be_is_refused(
    changes: dict[str, str], problem: tuple[str, str], budi: Membership, tmp_path: Path
) -> None:
    insured("Siti")
    assert problems_of(fed(tmp_path, entry(**changes))) == [(2, *problem)]
    assert not Entry.objects.exists()


def test_guards_are_taken_off_and_an_id_with_an_e_is_an_id(budi: Membership, tmp_path: Path) -> None:
    guarded = {"id": "77E1234567", "participant_number": "'000123", "policy_number": '"=""GRP-88"""', "amount": "'5.50"}
    assert fed(tmp_path, entry(**guarded, date="05.03.2026")).taken == 1
    kept = Entry.objects.get()
    assert (kept.external_id, kept.amount, kept.day) == ("77E1234567", Decimal("5.50"), date(2026, 3, 5))


def test_a_feed_of_a_spreadsheet_is_read_as_it_shows(budi: Membership, tmp_path: Path) -> None:
    def row(line: int, amount: str, day: str, style: int = DATE) -> str:
        named = texts(line, f"c{line}", "use", "GRP-88", "000123", "drugs")
        return named + number(f"F{line}", amount) + number(f"G{line}", day, style)

    long = number("A5", "2026110000000011") + text("B5", "use") + text("C5", "GRP-88") + text("D5", "000123")
    long += text("E5", "drugs") + number("F5", "5") + number("G5", "46086", DATE)
    rows = {1: texts(1, *FEED), 2: row(2, "118.80000000000001", "46086"), 3: row(3, "1.005", "46086")}
    rows |= {4: row(4, "5", "46086.75", DATE_TIME), 5: long}
    (tmp_path / "feed").write_bytes(xlsx(rows))
    report = load_feed(market="id", path=tmp_path / "feed", by=SYSTEM)
    assert problems_of(report) == [(3, "amount", "bad_amount"), (4, "date", "time_of_day"), (5, "id", "scientific")]
    assert Entry.objects.get().amount == Decimal("118.80")


def test_an_id_of_two_payments_is_refused_wherever_it_is(jelena: None, tmp_path: Path) -> None:
    rows = [payment(), payment(policy_number="RS-2002", id="p2"), payment(policy_number="RS-2002")]
    rows += [payment(id=f"q{number}") for number in range(1_000)] + [
        payment(id="p2", amount="6", policy_number="RS-2002")
    ]
    report = paid(tmp_path, *rows)
    assert problems_of(report) == [(line, "id", "id_twice") for line in (2, 3, 4, 1005)]
    assert report.taken == 1_000
    assert not Instalment.objects.filter(external_id__in=("p1", "p2")).exists()


def test_the_same_payment_twice_in_a_list_is_one(jelena: None, tmp_path: Path) -> None:
    report = paid(tmp_path, payment(), payment())
    assert (report.taken, report.repeated, problems_of(report)) == (1, 1, [])


@pytest.mark.parametrize("other", [{"amount": "6"}, {"participant_number": "000124"}, {"date": "2026-03-06"}])
def test_an_id_of_two_entries_is_refused_wherever_it_is(
    budi: Membership, tmp_path: Path, other: dict[str, str]
) -> None:
    insured("Siti")
    many = [entry(id=f"q{number}") for number in range(1_000)]
    assert problems_of(fed(tmp_path, entry(), *many, entry(**other))) == [
        (2, "id", "id_twice"),
        (1003, "id", "id_twice"),
    ]
    assert Entry.objects.count() == 1_000
    sent = [dict(zip(FEED, row, strict=True)) for row in (entry(), entry(id="c2"), entry(**other))]
    report = take_entries(market="id", entries=list(sent), by=SYSTEM)
    assert problems_of(report) == [(1, "id", "id_twice"), (3, "id", "id_twice")]
    assert report.taken == 1


def test_the_same_entry_twice_in_a_feed_is_one_however_its_numbers_are_spelled(
    budi: Membership, tmp_path: Path
) -> None:
    report = fed(tmp_path, entry(), entry(participant_number="000 123", policy_number="grp 88", amount="5.00"))
    assert (report.taken, report.repeated, problems_of(report)) == (1, 1, [])


@pytest.mark.parametrize("column", ["due", "paid_on"])
@pytest.mark.parametrize(
    ("day", "code"), [("01.01.0001", "impossible_date"), ("2026-03-05 23:59:30", "time_of_day"), ("soon", "not_a_date")]
)
def test_a_day_that_no_payment_can_have_is_refused(
    column: str, day: str, code: str, jelena: None, tmp_path: Path
) -> None:
    assert problems_of(paid(tmp_path, payment(**{column: day}))) == [(2, column, code)]


@pytest.mark.parametrize("title", ["Amount (RSD)", "paid on date", "due_date", "the currency", "ID (policy_number)"])
def test_a_column_that_means_something_is_never_left_out_unsaid(title: str, jelena: None, tmp_path: Path) -> None:
    with pytest.raises(TabularError) as refused:
        paid(tmp_path, (*payment(), "x"), header=(*PAYMENTS, title))
    assert refused.value.code == "unclear_column"


def test_titles_may_be_written_in_other_ways_and_other_columns_are_left_out(jelena: None, tmp_path: Path) -> None:
    header = ("ID", "Policy Number", "Due", "AMOUNT", "Currency", "Paid-on", "Remark")
    assert paid(tmp_path, (*payment(paid_on="2026-03-06"), "x"), header=header).taken == 1
    assert Instalment.objects.get().paid_on == date(2026, 3, 6)


def test_an_entry_of_a_program_with_a_misspelt_member_is_refused(budi: Membership) -> None:
    sent = dict(zip(FEED, entry(), strict=True))
    assert problems_of(take_entries(market="id", entries=[sent | {"Count ": "1"}], by=SYSTEM)) == []
    assert Entry.objects.get().count == 1
    assert problems_of(take_entries(market="id", entries=[sent | {"count_of_days": "1"}], by=SYSTEM)) == [
        (1, "", "bad_row")
    ]


@pytest.mark.parametrize("number", ["0", "n/a", "-", "1.2E+5"])
def test_a_paper_is_never_given_to_whoever_stands_in_place_of_a_number(
    number: str, budi: Membership, tmp_path: Path
) -> None:
    budi.employee_number = number
    budi.save()
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    for place in (
        Place(policy_number="GRP-88", employee_number=number),
        Place(policy_number="GRP-88", participant_number=number),
    ):
        with pytest.raises(DocumentRefused) as refused:
            add_document(market="id", place=place, kind="receipt", path=tmp_path / "x.pdf", name="", by=SYSTEM)
        assert refused.value.code in ("unknown_member", "bad_number")
