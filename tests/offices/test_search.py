"""Staff find people by what a caller says, and see only what is needed to recognise them."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.team.role_changes import take_role
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account, ContactKind, ContactPoint, Username, contact_key
from mypolis.membership.people.models import Membership, Person
from mypolis.offices.desk.limits import PEOPLE_SEARCHES
from mypolis.offices.desk.search.finding import find
from mypolis.offices.desk.search.shapes import shape_of
from tests.cast import ANNA, BUDI, DRAGAN, JELENA, MARKO, on_file
from tests.offices.crowd import TABLES, put_crowd_on_file
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db

SEARCH = "/desk/rs/search/"


@pytest.fixture
def mila() -> Colleague:
    """An agent in Serbia."""
    return colleague("Mila", "agent")


@pytest.fixture
def jelena() -> Person:
    """Jelena Petrović, on file."""
    return on_file(JELENA)


def searched(browser: Client, typed: str) -> str:
    """The page of results."""
    answer = browser.post(SEARCH, {"typed": typed})
    assert answer.status_code == 200
    return answer.content.decode()


def found(typed: str, market: str = "rs") -> list[str]:
    """The given names of who is found."""
    return [person.given_name for person in find(profile_of(market), typed).people]


def account(person: Person, contacts: dict[ContactKind, str]) -> Account:
    """The person's account, with confirmed contact points."""
    made = Account.objects.create(market=person.market, person=person, password_hash="!", language="en")
    for kind, value in contacts.items():
        key = contact_key(kind, value)
        ContactPoint.objects.create(
            account=made, market=person.market, kind=kind, value=value, key=key, exclusive=False
        )
    return made


@pytest.mark.parametrize("role", ["editor", "auditor", "administrator"])
def test_roles_that_do_not_help_members_find_nobody(role: Any) -> None:
    browser = at_desk(colleague("Vuk", role))
    assert browser.get("/desk/rs/people/").status_code == 404
    assert browser.post(SEARCH, {"typed": "petrovic"}).status_code == 404
    assert not Event.objects.filter(kind="person.searched").exists()


def test_a_role_taken_away_ends_with_the_next_search(mila: Colleague, jelena: Person) -> None:
    browser = at_desk(mila)
    assert "Jelena" in searched(browser, "petrovic")
    take_role(account=StaffAccount.objects.get(pk=mila.account.pk), market="rs", role="agent", by=mila.actor)
    assert browser.post(SEARCH, {"typed": "petrovic"}).status_code == 404


def test_people_of_another_market_are_not_found(mila: Colleague) -> None:
    on_file(BUDI)
    assert "Nobody matches" in searched(at_desk(mila), "Budi Santoso")
    assert at_desk(mila).post("/desk/id/search/", {"typed": "Budi"}).status_code == 404


def test_a_search_is_never_in_an_address(mila: Colleague, jelena: Person) -> None:
    answer = at_desk(mila).get(SEARCH, {"typed": "petrovic"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/rs/people/")


@pytest.mark.parametrize("typed", ["", "   ", "a" * 121, "jel\u202eena"])
def test_what_is_no_search_is_refused(mila: Colleague, typed: str) -> None:
    assert at_desk(mila).post(SEARCH, {"typed": typed}).status_code == 422
    assert not Event.objects.filter(kind="person.searched").exists()


@pytest.mark.parametrize("typed", ["'", "\\", "' | 'jelena", ":*", "!jelena", "jelena':*", "()&|", "—", "@", "@rs"])
def test_signs_of_the_query_language_are_only_text(jelena: Person, typed: str) -> None:
    assert found(typed) in ([], ["Jelena"])
    assert found("@rs") == []


@pytest.mark.parametrize(
    "typed",
    [
        *("Jelena Petrović", "petrovic jelena", "PETROVIĆ", "pet jel", "Јелена Петровић", "петр"),
        *("jelena@example.test", "JELENA@example.test", "+381 64 123 4567", "0641234567", "064/123-45-67"),
        *("0601999710135", "060199-9710135", "RS-2001", "rs 2001", "RS2001"),
    ],
)
def test_everything_on_file_finds_a_person(jelena: Person, typed: str) -> None:
    on_file(MARKO.but(surname="Ilić", mobile="+381641111111", policy_number="RS-1"))
    assert found(typed) == ["Jelena"]


@pytest.mark.parametrize("typed", ["Mamedov", "je", "Jelenaa", "jelena ilic", "060199971013", "RS-200", "rs2001x"])
def test_what_only_resembles_it_finds_nobody(jelena: Person, typed: str) -> None:
    assert found(typed) == []


def test_a_short_name_is_found_whole_and_a_long_one_by_its_beginning() -> None:
    on_file(JELENA.but(given_name="Bo", surname="Li", national_id=""))
    assert found("bo li") == ["Bo"]
    assert found("b li") == []


def test_names_longer_than_the_entries_of_the_index_are_compared_to_their_end() -> None:
    on_file(JELENA.but(given_name="Ana", surname="Konstantinović-Petrović", national_id=""))
    assert found("konstantinov") == found("konstantinovic") == found("ana konstantinović") == ["Ana"]
    assert found("konstantinovski") == found("konstantinov_") == []


def test_names_of_a_cyrillic_market_are_found_in_any_order() -> None:
    on_file(ANNA)
    assert found("сергеевна сок", "ru") == ["Анна"]
    assert found("Анна Соколова", "ru") == ["Анна"]


def test_numbers_of_cover_account_and_claim_find_their_person() -> None:
    budi = on_file(BUDI)
    made = account(budi, {"email": "new@example.test", "mobile": "+6281299999999"})
    Username.objects.create(market="id", value="kadusa4826", account=made)
    Claim.objects.create(market="id", membership=Membership.objects.get(), number="C-2026-0000017", state="submitted")
    Claim.objects.create(market="id", membership=Membership.objects.get())
    for typed in ("000123", "KADUSA4826", "c-2026-0000017", "new@example.test", "0812 9999 9999", "GRP-88"):
        assert found(typed, "id") == ["Budi"], typed
    assert found("C-2026-0000018", "id") == []


def test_a_username_that_belongs_to_nobody_finds_nobody(jelena: Person) -> None:
    Username.objects.create(market="rs", value="kadusa4826")
    assert found("kadusa4826") == []


def test_results_are_masked(mila: Colleague, jelena: Person) -> None:
    page = searched(at_desk(mila), "jelena")
    assert "Jelena Petrović" in page
    assert "1986" in page
    assert "j•••@example.test" in page
    assert "•••2001" in page
    for hidden in ("jelena@example.test", "4567", "RS-2001", "0601999710135", "27 March", "1986-03"):
        assert hidden not in page


def test_a_name_is_shown_as_text(mila: Colleague) -> None:
    on_file(JELENA.but(given_name="<script>alert(1)</script>", surname="Bobić"))
    page = searched(at_desk(mila), "bobic")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_more_than_twenty_people_ask_for_more_words(mila: Colleague) -> None:
    for number in range(21):
        on_file(DRAGAN.but(birth_date=f"1990-01-{number + 1:02}", national_id=""))
    page = searched(at_desk(mila), "dragan")
    assert "More than 20 people match" in page
    assert len(re.findall(r'<th scope="row">', page)) == 20
    assert "More than 20" not in searched(at_desk(mila), "nobody")


def test_a_search_leaves_an_event_without_its_text(mila: Colleague, jelena: Person) -> None:
    searched(at_desk(mila), "jelena@example.test")
    event = Event.objects.get(kind="person.searched")
    assert (event.market, event.actor_kind, event.actor_id) == ("rs", "staff", str(mila.account.pk))
    assert event.facts == {"what": "email", "count": 1, "more": False}


def test_nobody_searches_without_end(mila: Colleague, jelena: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = replace(PEOPLE_SEARCHES, most=1)
    monkeypatch.setattr("mypolis.offices.desk.search.finding.PEOPLE_SEARCHES", limit)
    browser = at_desk(mila)
    searched(browser, "jelena")
    assert browser.post(SEARCH, {"typed": "jelena"}).status_code == 429
    assert Event.objects.filter(kind="person.searched").count() == 1
    searched(at_desk(colleague("Iva", "agent")), "jelena")


QUERIES = (
    *("ilicf", "anaehbb", "ilicfg anaeh", "anaeh", "li", "ana4711@crowd.test", "+381640004711", "0601999710135"),
    *("CR-17", "00004711", "kadusa4711", "C-2026-0000017"),
)


def test_a_search_takes_four_statements_and_reads_only_indexes() -> None:
    put_crowd_on_file()
    for typed in QUERIES:
        with CaptureQueriesContext(connection) as captured:
            find(profile_of("rs"), typed)
        statements = [query["sql"] for query in captured]
        assert 1 <= len(statements) <= 4, typed
        assert_only_indexes(statements)


def test_a_frequent_name_alone_finds_some_people_and_does_not_keep_others_from_being_found() -> None:
    put_crowd_on_file()
    assert 20 < matching("ana") < 10_000
    assert matching("ili ana") == 20_000
    assert 20 < matching("ana") < 10_000
    with CaptureQueriesContext(connection) as captured:
        some = find(profile_of("rs"), "ana")
    assert (len(some.people), some.is_more, len(captured)) == (20, True, 4)


def matching(typed: str) -> int:
    """How many people a search by name would read."""
    return len(Person.objects.named("rs", typed).values_list("pk"))


def assert_only_indexes(statements: list[str]) -> None:
    """The database plans no walk through a whole table that grows.

    There are no claims here, and an empty table may be read whole: for claims it must only be possible without.
    """
    for statement in statements:
        assert not walked(statement) & {*TABLES}, plan_of(statement)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "claims_claim" not in walked(statement), plan_of(statement)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = on")


def walked(statement: str) -> set[str]:
    """The tables that the database would read whole."""
    return set(re.findall(r"Seq Scan on (\w+)", plan_of(statement)))


def plan_of(statement: str) -> str:
    """How the database would run a statement now."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


@given(st.text(max_size=60))
def test_every_text_has_a_shape(typed: str) -> None:
    shape = shape_of(typed, region="RS")
    assert shape in ("email", "national_id", "phone", "number", "name")
    assert (shape == "email") == ("@" in typed)


@given(st.from_regex(r"[0-9]{13}", fullmatch=True))
def test_thirteen_digits_are_a_national_id(typed: str) -> None:
    assert shape_of(typed, region="RS") == "national_id"
