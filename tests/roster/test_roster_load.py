"""Loading lists: bad rows, then recognising people, then what is written."""

from pathlib import Path

import pytest

from mypolis.foundation.events.models import Event
from mypolis.membership.people.models import Employer, Membership, Person, Policy
from mypolis.membership.roster.flows import load
from mypolis.membership.roster.models import RosterLoad
from mypolis.membership.roster.problems import RosterRefusedError
from mypolis.membership.roster.report import Report
from tests.roster.cast import ANNA, BUDI, HR, JELENA, PYOTR, VERA, Load, Row, person


def problems_of(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in report.errors]


def test_a_file_that_is_no_table_is_refused_with_the_reason(tmp_path: Path, db: None) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"PK\x03\x04 a spreadsheet")
    with pytest.raises(RosterRefusedError) as refused:
        load(market="ru", path=path, by=HR)
    assert refused.value.code == "not_text"
    assert not RosterLoad.objects.exists()


def test_a_list_without_a_needed_column_is_refused_and_the_column_named(load_rows: Load) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        load_rows("ru", {"policy_number": "1", "surname": "Соколова", "given_name": "Анна"})
    assert refused.value.code == "missing_column"
    assert "birth_date" in refused.value.message


def test_two_columns_that_mean_the_same_are_refused(load_rows: Load) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        load_rows("ru", ANNA | {"Мобильный телефон": "+79161234567"})
    assert refused.value.code == "doubled_column"


def test_an_employer_key_that_cannot_be_kept_is_refused(load_rows: Load) -> None:
    with pytest.raises(RosterRefusedError) as refused:
        load_rows("ru", ANNA, employer="x" * 65)
    assert refused.value.code == "bad_employer"


@pytest.mark.parametrize(
    ("base", "market", "column", "cell", "code"),
    [
        (ANNA, "ru", "given_name", "", "missing"),
        (ANNA, "ru", "surname", "-", "missing"),
        (ANNA, "ru", "surname", "123", "no_letters"),
        (ANNA, "ru", "birth_date", "", "missing"),
        (ANNA, "ru", "birth_date", "31.02.1990", "not_a_date"),
        (ANNA, "ru", "birth_date", "33000", "not_a_date"),
        (ANNA, "ru", "birth_date", "2999-01-01", "future"),
        (ANNA, "ru", "mobile", "+7 495 123-45-67", "not_mobile"),
        (ANNA, "ru", "mobile", "9.16123E+09", "scientific"),
        (ANNA, "ru", "mobile", "12", "not_a_number"),
        (ANNA, "ru", "mobile", "+7 916 123-45-67 доб. 12", "has_extension"),
        (ANNA, "ru", "email", "anna@", "not_an_email"),
        (ANNA, "ru", "email", "anna example.test", "not_an_email"),
        (ANNA, "ru", "policy_number", "x" * 65, "too_long"),
        (ANNA, "ru", "surname", "Соко\u202eлова", "not_text"),
        (ANNA, "ru", "policy_type", "sharia", "not_a_policy_type"),
        (ANNA, "ru", "relation", "neighbour", "not_a_relation"),
        (ANNA, "ru", "end", "2019-13-01", "not_a_date"),
        (JELENA, "rs", "national_id", "", "missing"),
        (JELENA, "rs", "national_id", "206978816007", "lost_zero"),
        (JELENA, "rs", "national_id", "2206978816008", "checksum"),
        (JELENA, "rs", "national_id", "3206978816007", "not_a_national_id"),
        (JELENA, "rs", "national_id", "2.20698E+12", "scientific"),
        (BUDI, "id", "participant_number", "", "missing"),
        (BUDI, "id", "policy_type", "gold", "not_a_policy_type"),
    ],
)
def test_a_bad_cell_is_told_by_row_and_column(
    load_rows: Load, base: Row, market: str, column: str, cell: str, code: str
) -> None:
    report = load_rows(market, base | {column: cell})
    assert problems_of(report) == [(2, column, code)]
    assert (report.rows, report.rejected) == (1, 1)
    assert not Person.objects.exists()
    assert all(cell not in str(problem.as_json()["message"]) for problem in report.errors if cell)


def test_an_end_before_the_start_is_told(load_rows: Load) -> None:
    report = load_rows("ru", person(ANNA, start="2026-02-01", end="2026-01-31"))
    assert problems_of(report) == [(2, "end", "end_before_start")]


def test_bad_rows_never_sink_good_ones(load_rows: Load) -> None:
    report = load_rows("ru", ANNA, person(PYOTR, mobile="12", birth_date="x"), VERA)
    assert (report.rows, report.loaded, report.rejected) == (3, 2, 1)
    assert problems_of(report) == [(3, "birth_date", "not_a_date"), (3, "mobile", "not_a_number")]
    assert set(Person.objects.values_list("given_name", flat=True)) == {"Анна", "Вера"}


def test_a_row_with_an_open_quote_is_told_and_the_rest_is_loaded(tmp_path: Path, db: None) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        'policy_number,surname,given_name,birth_date\n1,"Соколова,Анна,1988-03-14\n1,Семёнов,Пётр,1979-11-02\n',
        encoding="utf-8",
    )
    report = load(market="ru", path=path, by=HR)
    assert problems_of(report) == [(2, "", "broken_quotes")]
    assert report.loaded == 1


def test_the_same_person_twice_on_one_policy_is_refused_the_second_time(load_rows: Load) -> None:
    report = load_rows("ru", ANNA, PYOTR, person(ANNA, given_name="АННА", birth_date="1988-03-14"))
    assert problems_of(report) == [(4, "", "duplicate")]
    assert Membership.objects.count() == 2


def test_a_participant_number_of_somebody_else_is_refused(load_rows: Load) -> None:
    load_rows("id", BUDI)
    report = load_rows("id", person(BUDI, given_name="Siti", surname="Rahma", birth_date="1985-01-01"))
    assert problems_of(report) == [(2, "participant_number", "participant_taken")]
    assert Person.objects.get().given_name == "Budi"


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "Siti", "surname": "Rahma", "birth_date": "1985-01-01"},
        *({"given_name": "Siti"}, {"birth_date": "1991-05-17"}, {"plan": "Gold"}, {"email": "siti@example.test"}),
        *({"participant_number": "000 123", "relation": "child"}, {"end": "2027-01-31"}),
    ],
)
def test_one_participant_number_with_two_contents_in_a_list_is_nobodys(load_rows: Load, other: Row) -> None:
    first = person(BUDI, plan="Silver", relation="employee", end="2027-12-31")
    report = load_rows("id", first, person(first, **other))
    assert problems_of(report) == [(2, "participant_number", "id_twice"), (3, "participant_number", "id_twice")]
    assert not Person.objects.exists()


def test_one_participant_number_twice_with_nothing_that_differs_is_a_repeated_row(load_rows: Load) -> None:
    turned = person(BUDI, given_name=BUDI["surname"], surname=BUDI["given_name"], email="")
    assert problems_of(load_rows("id", BUDI, turned)) == [(3, "", "duplicate")]
    assert load_rows("id", BUDI, person(BUDI, policy_number="GRP-89")).loaded == 1


def test_one_national_number_of_two_people_in_a_list_is_nobodys(load_rows: Load) -> None:
    sister = person(JELENA, given_name="Ana", policy_number="RS-1002", email="", mobile="")
    report = load_rows("rs", JELENA, sister)
    assert problems_of(report) == [(2, "national_id", "id_twice"), (3, "national_id", "id_twice")]
    assert not Person.objects.exists()
    married = person(JELENA, surname="Ilić", policy_number="RS-1002")
    assert load_rows("rs", JELENA, married).loaded == 2


def test_a_national_number_under_another_name_and_birth_date_is_refused(load_rows: Load) -> None:
    load_rows("rs", JELENA)
    other = person(JELENA, given_name="Marko", surname="Ilić", birth_date="1990-01-01")
    assert problems_of(load_rows("rs", other)) == [(2, "national_id", "national_id_taken")]


def test_another_employers_policy_takes_nobody(load_rows: Load) -> None:
    load_rows("ru", ANNA, employer="romashka")
    report = load_rows("ru", PYOTR, employer="lastochka")
    assert problems_of(report) == [(2, "policy_number", "policy_elsewhere")]
    assert Person.objects.count() == 1


def test_unknown_columns_are_left_out_with_a_warning(load_rows: Load) -> None:
    report = load_rows("ru", ANNA | {"Любимый цвет": "синий", "СНИЛС": "1"})
    assert report.loaded == 1
    assert {(warning.column, warning.code) for warning in report.warnings} == {
        ("Любимый цвет", "unknown_column"),
        ("СНИЛС", "unknown_column"),
    }


def test_a_national_number_is_not_kept_where_the_market_knows_none(load_rows: Load) -> None:
    report = load_rows("id", BUDI | {"national_id": "3171234567890123"})
    assert [(warning.row, warning.code) for warning in report.warnings] == [(1, "not_kept")]
    assert Person.objects.get().national_id is None


def test_a_second_run_of_the_same_list_changes_nothing(load_rows: Load) -> None:
    load_rows("ru", ANNA, PYOTR, VERA, employer="romashka")
    events = Event.objects.exclude(kind="roster.loaded").count()
    report = load_rows("ru", ANNA, PYOTR, VERA, employer="romashka")
    assert (report.loaded, report.updated, report.unchanged, report.sent) == (0, 0, 3, 0)
    assert Event.objects.exclude(kind="roster.loaded").count() == events


def test_a_dry_run_tells_the_same_and_leaves_no_trace(load_rows: Load) -> None:
    report = load_rows("ru", ANNA, PYOTR, employer="romashka", dry_run=True)
    assert (report.id, report.loaded, report.sent) == (None, 2, 2)
    assert not Person.objects.exists()
    assert not Employer.objects.exists()
    assert not Event.objects.exists()


def test_twins_at_one_address_are_told_apart_by_the_given_name(load_rows: Load) -> None:
    twin = person(ANNA, given_name="Алла")
    assert load_rows("ru", ANNA, twin, employer="romashka").loaded == 2
    report = load_rows("ru", twin, ANNA, employer="romashka")
    assert (report.unchanged, Person.objects.count()) == (2, 2)


def test_a_twin_who_comes_later_is_a_new_person(load_rows: Load) -> None:
    load_rows("ru", ANNA, employer="romashka")
    assert load_rows("ru", person(ANNA, given_name="Алла"), employer="romashka").loaded == 1


def test_one_person_on_two_policies_is_one_person_with_two_memberships(load_rows: Load) -> None:
    report = load_rows("ru", ANNA, person(ANNA, policy_number="ДМС-900"))
    assert report.loaded == 2
    assert Person.objects.get().memberships.count() == 2


def test_a_later_list_with_the_same_mobile_finds_the_same_person(load_rows: Load) -> None:
    load_rows("ru", ANNA, employer="romashka")
    elsewhere = person(ANNA, policy_number="ДМС-900", email="", mobile="8 916 123 45 67")
    load_rows("ru", elsewhere, employer="lastochka")
    anna = Person.objects.get()
    assert (anna.memberships.count(), anna.email) == (2, "anna@example.test")


def test_namesakes_of_one_birth_date_are_told_apart_by_the_participant_number(load_rows: Load) -> None:
    namesake = person(BUDI, participant_number="000124", email="budi.s@example.test")
    assert load_rows("id", BUDI, namesake).loaded == 2
    assert load_rows("id", namesake, BUDI).unchanged == 2


def test_a_new_participant_number_at_the_same_contact_is_the_same_person(load_rows: Load) -> None:
    load_rows("id", BUDI)
    assert load_rows("id", person(BUDI, participant_number="000999")).updated == 1
    assert Membership.objects.get().participant_key == "000999"


def test_a_namesake_at_another_employer_with_other_contacts_is_another_person(load_rows: Load) -> None:
    load_rows("ru", ANNA, employer="romashka")
    namesake = person(ANNA, policy_number="ДМС-900", email="a@other.test", mobile="+79269990000")
    load_rows("ru", namesake, employer="lastochka")
    assert Person.objects.count() == 2


def test_a_new_surname_at_the_same_contact_is_the_same_person(load_rows: Load) -> None:
    load_rows("ru", ANNA, employer="romashka")
    report = load_rows("ru", person(ANNA, surname="Белова"), employer="romashka")
    assert (report.updated, Person.objects.get().surname) == (1, "Белова")


def test_an_employee_number_finds_the_person_but_not_the_spouse(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, employee_number="55"), employer="romashka")
    renamed = person(ANNA, employee_number="55", surname="Белова", email="", mobile="")
    husband = person(PYOTR, employee_number="55", relation="муж")
    report = load_rows("ru", husband, renamed, employer="romashka")
    assert (report.loaded, report.updated) == (1, 1)
    assert Membership.objects.get(person__given_name="Пётр").relation == "spouse"


def test_a_participant_number_finds_the_person_under_a_corrected_name(load_rows: Load) -> None:
    load_rows("id", BUDI)
    assert load_rows("id", person(BUDI, surname="Susanto")).updated == 1
    assert Person.objects.get().surname == "Susanto"


def test_a_second_value_for_the_same_person_is_told_and_the_first_is_kept(load_rows: Load) -> None:
    rows = ANNA, person(ANNA, policy_number="ДМС-900", email="other@example.test")
    report = load_rows("ru", *rows)
    assert [(w.row, w.column, w.code) for w in report.warnings] == [(3, "email", "differs_from_earlier_row")]
    assert Person.objects.get().email == "anna@example.test"
    assert load_rows("ru", *rows).unchanged == 2


def test_a_sign_for_nothing_takes_a_contact_away_and_an_empty_cell_does_not(load_rows: Load) -> None:
    load_rows("ru", ANNA)
    assert load_rows("ru", person(ANNA, email="", mobile="")).unchanged == 1
    assert load_rows("ru", person(ANNA, email="-")).updated == 1
    anna = Person.objects.get()
    assert (anna.email, anna.mobile) == ("", "+79161234567")


@pytest.mark.parametrize("mobile", ["+7 916 123-45-67", "8 (916) 123-45-67", "79161234567", "916 123 45 67"])
def test_a_mobile_in_any_notation_is_the_same_number(load_rows: Load, mobile: str) -> None:
    load_rows("ru", person(ANNA, mobile=mobile))
    assert Person.objects.get().mobile == "+79161234567"


def test_a_foreign_mobile_is_taken_with_a_warning(load_rows: Load) -> None:
    report = load_rows("ru", person(ANNA, mobile="+374 91 123456"))
    assert [(warning.column, warning.code) for warning in report.warnings] == [("mobile", "foreign_mobile")]
    assert Person.objects.get().mobile == "+37491123456"


@pytest.mark.parametrize("nothing", ["-", "нет", "НЕТ", "Не имеется", "......"])
def test_a_placeholder_is_no_patronymic(load_rows: Load, nothing: str) -> None:
    load_rows("ru", person(ANNA, patronymic=nothing))
    assert Person.objects.get().patronymic == ""


def test_columns_go_by_many_names(tmp_path: Path, db: None) -> None:
    path = tmp_path / "list.csv"
    for market, text in {
        "ru": "№ полиса;Фамилия;ИМЯ;Отчество;Д.Рожд.;Моб. тел.;E-mail;Дата прикрепления;Табельный №\n"
        "7;Соколова;Анна;;14.03.1988;89161234567;anna@example.test;01.01.2026;5\n",
        "rs": "Број полисе;ЈМБГ;Презиме;Име;Мобилни телефон;E-pošta\n"
        "7;2206978816007;Ђорђевић;Јелена;0641234567;jelena@example.test\n",
        "id": "Jenis Polis;Nomor Polis;Nomor Peserta;Nama;Tanggal Lahir;No. HP;Surel;Hubungan\n"
        "Kumpulan;7;0009;Budi;17/05/1990;0812 3456 7890;budi@example.test;Anak\n",
    }.items():
        path.write_text(text, encoding="utf-8-sig")
        report = load(market=market, path=path, by=HR)
        assert (report.loaded, report.errors, report.warnings) == (1, (), ())
    assert Membership.objects.get(person__market="id").relation == "child"
    assert Person.objects.get(market="rs").birth_date.isoformat() == "1978-06-22"


def test_an_unknown_employer_and_policy_are_made_and_told(load_rows: Load) -> None:
    report = load_rows("ru", person(ANNA, policy_number=""), employer="romashka", policy_number="ДМС 1")
    policy = Policy.objects.get()
    assert (policy.number, policy.type, policy.end) == ("ДМС 1", "group", None)
    assert policy.employer == Employer.objects.get(key="romashka")
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"employer.added", "policy.added", "person.added", "membership.added", "roster.loaded"} <= kinds
    assert RosterLoad.objects.get().pk == report.id


def test_a_policy_without_a_type_is_the_one_that_is_on_file(load_rows: Load) -> None:
    load_rows("id", person(BUDI, policy_type="sharia"))
    untyped = {column: cell for column, cell in BUDI.items() if column != "policy_type"}
    assert load_rows("id", untyped).unchanged == 1
    assert Policy.objects.get().type == "sharia"


def test_an_end_ends_a_membership_and_an_empty_one_opens_it_again(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, start="2025-01-01", end=""))
    load_rows("ru", person(ANNA, start="", end="2025-06-30"))
    ended = Membership.objects.get()
    assert (str(ended.start), str(ended.end)) == ("2025-01-01", "2025-06-30")
    load_rows("ru", ANNA)
    assert Membership.objects.get().end is not None
    load_rows("ru", person(ANNA, end=""))
    assert Membership.objects.get().end is None


def test_a_membership_that_began_earlier_takes_its_policy_along(load_rows: Load) -> None:
    load_rows("ru", ANNA)
    load_rows("ru", person(PYOTR, start="2020-05-01"))
    assert str(Policy.objects.get().start) == "2020-05-01"


def test_a_kept_report_names_no_person(load_rows: Load) -> None:
    load_rows("ru", person(ANNA, mobile="12345"), person(PYOTR, email="pyotr@@example"), VERA)
    kept = str(RosterLoad.objects.values().get())
    assert not any(cell in kept for cell in ("12345", "pyotr", "Соколова", "Вера", "1988"))
