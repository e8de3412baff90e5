"""What a partner's program may do with which token, and how others are refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.doors.integrations import access, api
from mypolis.doors.integrations.flows import end_token, issue_token
from mypolis.doors.integrations.models import PartnerToken
from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.guards import limits
from mypolis.insurance.coverage.models import Balance, Entry, FeedLoad, Plan, PlanVersion
from mypolis.insurance.coverage.rights import COVER_ENTRIES, PLAN_BOOKS
from mypolis.membership.people.models import Membership
from tests.cast import ANNA, on_file
from tests.coverage.books import GOLD, book
from tests.coverage.members import insured
from tests.doors import ApiDoor
from tests.post import Post
from tests.registration.steps import register

pytestmark = pytest.mark.django_db
OPERATOR = Actor("staff", "olga")
BOOKS, ENTRIES = "/api/v1/id/plan-books", "/api/v1/id/cover/entries"


class Program:
    """A partner's program with a token."""

    def __init__(self, *may: str, market: str = "id", partner: str = "core") -> None:
        self.token, self.text = issue_token(
            market=market, partner=partner, may=may, life=timedelta(days=30), by=OPERATOR
        )
        self.client = Client()

    def get(self, address: str) -> Any:
        return self.client.get(address, headers={"authorization": f"Bearer {self.text}"})

    def post(self, address: str, body: Any, kind: str = "application/json", **headers: str) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        more = {"authorization": f"Bearer {self.text}", **headers}
        return self.client.post(address, data, content_type=kind, headers=more)


@pytest.fixture
def core(db: None) -> Program:
    """The core system, with all rights."""
    return Program(PLAN_BOOKS.name, COVER_ENTRIES.name)


@pytest.fixture
def budi(core: Program) -> Membership:
    """Budi, insured under the Gold plan of a book that the core system loaded."""
    assert core.post(BOOKS, book()).status_code == 200
    return insured()


def entry(number: int, amount: object = 100, **more: Any) -> dict[str, Any]:
    about = {"policy_number": "GRP-88", "participant_number": "000123", "benefit": "drugs", "date": "2026-03-05"}
    return {"id": f"core-{number}", "kind": "use", "amount": amount, **about, **more}


def test_a_book_is_loaded_and_the_same_again_changes_nothing(core: Program) -> None:
    insured(plan="Diamond")
    first = core.post(BOOKS, book()).json()
    assert first["dry_run"] is False
    assert (first["new"], first["changed"], first["effective"]) == (["health/gold", "health/bare"], [], "2020-01-01")
    assert first["unknown"] == [{"policy_type": "group", "plan": "Diamond", "members": 1}]
    again = core.post(BOOKS, book()).json()
    assert (again["new"], again["unchanged"]) == ([], ["health/gold", "health/bare"])
    assert PlanVersion.objects.count() == 2
    event = Event.objects.filter(kind="plan.version_added").latest("pk")
    assert (event.actor_kind, event.actor_id) == ("partner", str(core.token.pk))


def test_a_book_may_be_yaml(core: Program) -> None:
    answer = core.post(BOOKS, "format: 1\nmarket: ru\n", kind="application/yaml")
    assert {found["code"] for found in answer.json()["findings"]} == {"missing"}


def test_a_dry_run_tells_and_changes_nothing(core: Program) -> None:
    report = core.post(f"{BOOKS}?dry_run=true", book()).json()
    assert (report["dry_run"], report["new"]) == (True, ["health/gold", "health/bare"])
    assert not Plan.objects.exists()
    assert not Event.objects.filter(kind__startswith="plan.").exists()


def test_a_wrong_book_is_refused_as_a_whole_with_line_place_and_reason(core: Program) -> None:
    wrong = book(((*GOLD, "limits", 0, "amount"), -5))
    answer = core.post(BOOKS, json.dumps(wrong, indent=1), **{"accept-language": "en"})
    assert answer.status_code == 422
    (found,) = answer.json()["findings"]
    assert (found["place"], found["code"]) == ("products.health.plans.gold.limits.0.amount", "negative")
    assert found["message"] == "This must not be negative."
    assert "-5" in json.dumps(wrong, indent=1).splitlines()[found["line"] - 1]
    assert not Plan.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff\xfe", b"a: &x b"])
def test_what_is_no_book_is_refused(core: Program, body: bytes) -> None:
    answer = core.post(BOOKS, body)
    assert (answer.status_code, len(answer.json()["findings"])) == (422, 1)


def test_a_book_without_end_is_too_big(core: Program) -> None:
    answer = core.post(BOOKS, b" " * 300_000)
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:mypolis:problem:too-big")
    assert not Plan.objects.exists()


def test_half_a_book_that_arrives_is_not_taken_for_one(core: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = json.dumps(book())
    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest.body", whole.encode()[:-1])
    answer = core.post(BOOKS, whole)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:mypolis:problem:not-whole")
    assert core.post(BOOKS, b"").status_code == 400, "nor is what comes without its length"
    assert not Plan.objects.exists()


@pytest.mark.parametrize("flag", ["dry-run", "dryrun", "DRY_RUN"])
def test_a_misspelt_dry_run_loads_nothing(core: Program, flag: str) -> None:
    answer = core.post(f"{BOOKS}?{flag}=true", book())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, flag)
    assert not Plan.objects.exists()


def test_of_very_many_findings_the_first_hundred_are_told(core: Program) -> None:
    surplus = book() | {f"surplus-{number}": 1 for number in range(300)}
    assert len(core.post(BOOKS, surplus).json()["findings"]) == 100


def test_books_are_loaded_so_often_an_hour(core: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PLAN_BOOKS_SENT", limits.Limit(name="plan-books", most=1, window=timedelta(hours=1)))
    assert core.post(BOOKS, book()).status_code == 200
    answer = core.post(BOOKS, book())
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:mypolis:problem:plan-books")


def test_json_as_programs_write_it_is_a_book(core: Program) -> None:
    """Indented with tabs, and with characters outside the first plane as surrogate pairs."""
    smiling = book(((*GOLD, "explanation"), {"id": "Bagus \U0001f600", "en": "Good\tone \U0001f600"}))
    assert core.post(BOOKS, json.dumps(smiling, indent="\t")).status_code == 200
    kept = PlanVersion.objects.get(plan__key="gold").document
    assert kept.explanation["id"] == "Bagus \U0001f600"


def test_entries_are_taken_and_the_same_again_changes_nothing(core: Program, budi: Membership) -> None:
    sent = {"entries": [entry(1, "120.50"), entry(2, 30)], "as_of": "2026-03-06T01:00:00+07:00"}
    expected = {"rows": 2, "taken": 2, "repeated": 0, "refused": 0, "errors": []}
    assert core.post(ENTRIES, sent).json() == expected
    assert core.post(ENTRIES, sent).json() == {**expected, "taken": 0, "repeated": 2}
    assert str(Balance.objects.get().used_amount) == "150.50"
    assert FeedLoad.objects.latest("pk").as_of.isoformat() == "2026-03-05T18:00:00+00:00"
    event = Event.objects.filter(kind="cover.entry_written").latest("pk")
    assert (event.actor_kind, event.actor_id) == ("partner", str(core.token.pk))


@pytest.mark.parametrize(
    ("bad", "place", "code"),
    [
        ("nothing", "", "bad_row"),
        (None, "", "bad_row"),
        (entry(9, True), "", "bad_row"),
        (entry(9, [5]), "", "bad_row"),
        (entry(9, -5), "amount", "bad_amount"),
        (entry(9, 1.005), "amount", "bad_amount"),
        (entry(9, float("nan")), "", "bad_row"),
        (entry(9, 1e300), "amount", "bad_amount"),
        (entry(9, id=None), "id", "bad_external_id"),
        (entry(9, id=float("inf")), "", "bad_row"),
        (entry(9, date="0001-01-01T00:00:00+14:00"), "date", "not_a_date"),
        (entry(9, date="9999-12-31T23:59:59-12:00"), "date", "not_a_date"),
        (entry(9, benefit="spa"), "benefit", "not_in_plan"),
        (entry(9, policy_number="P\ud800"), "policy_number", "bad_reference"),
    ],
)
def test_a_bad_entry_is_told_by_its_place_and_sinks_no_other(
    core: Program, budi: Membership, bad: Any, place: str, code: str
) -> None:
    answer = core.post(ENTRIES, {"entries": [entry(1), bad, entry(2)]})
    report = answer.json()
    assert [(one["line"], one["place"], one["code"]) for one in report["errors"]] == [(2, place, code)]
    assert (answer.status_code, report["taken"], report["refused"]) == (200, 2, 1)


def test_sums_that_are_huge_together_are_taken(core: Program, budi: Membership) -> None:
    report = core.post(ENTRIES, {"entries": [entry(number, "999999999999.99") for number in range(101)]}).json()
    assert (report["taken"], report["refused"]) == (101, 0)


def test_a_number_is_taken_as_it_is_written(core: Program, budi: Membership) -> None:
    report = core.post(ENTRIES, '{"entries": [{"id": 1.10, "kind": "use", "policy_number": 8.80}]}').json()
    assert report["errors"][0]["code"] == "nothing_said"
    text = json.dumps({"entries": [entry(1, "AMOUNT", id="ID")]}).replace('"AMOUNT"', "0.10").replace('"ID"', "1.10")
    assert core.post(ENTRIES, text).json()["taken"] == 1
    assert Entry.objects.get().external_id == "1.10"


def test_up_to_when_all_is_told_is_said_by_the_call_that_says_so(core: Program, budi: Membership) -> None:
    core.post(ENTRIES, {"entries": [entry(1), "nothing"]})
    assert not FeedLoad.objects.exists(), "a piece does not speak for the whole"
    ahead = (timezone.now() + timedelta(days=9)).isoformat()
    assert core.post(ENTRIES, {"entries": [entry(2)], "as_of": ahead}).status_code == 200
    assert FeedLoad.objects.get().as_of <= timezone.now(), "nobody knows what comes"


def test_too_many_entries_none_and_a_moment_that_is_none_are_refused_as_a_whole(
    core: Program, budi: Membership
) -> None:
    for body in (
        {"entries": []},
        {"entries": [entry(1)] * 501},
        {"entries": [entry(1)], "as_of": "2026-03-06T01:00:00"},
        {"entries": [entry(1)], "as_of": 1_700_000_000},
        {"entries": [entry(1)], "as_of": "0001-01-01T00:00:00+14:00"},
        {"entries": [entry(1)], "more": 1},
    ):
        assert core.post(ENTRIES, body).status_code == 422
    assert not Entry.objects.exists()


def test_whoever_shows_no_good_token_is_a_stranger(core: Program, post: Post) -> None:
    member = ApiDoor(Client())
    on_file(ANNA)
    register(member, post, ANNA)
    for text in ("", "mypolis-partner-guessed", member.access, f"{core.text}x"):
        answer = Client().post(
            BOOKS, "{}", content_type="application/json", headers={"authorization": f"Bearer {text}"}
        )
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert Client().post(BOOKS, "{}", content_type="application/json").status_code == 401


def test_a_token_is_good_in_its_own_market_alone(core: Program) -> None:
    assert core.get("/api/v1/id/partner").status_code == 200
    assert core.get("/api/v1/ru/partner").status_code == 401
    assert core.post("/api/v1/ru/plan-books", book()).status_code == 401


def test_a_token_opens_nothing_of_a_member(core: Program) -> None:
    assert core.get("/api/v1/id/me").status_code == 401


def test_a_token_does_what_it_may_and_no_more(db: None) -> None:
    books, entries = Program(PLAN_BOOKS.name), Program(COVER_ENTRIES.name)
    assert books.post(ENTRIES, {"entries": [entry(1)]}).status_code == 403
    answer = entries.post(BOOKS, book())
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:mypolis:problem:not-allowed")
    assert entries.post(ENTRIES, {"entries": [entry(1)]}).json()["errors"][0]["code"] == "unknown_policy"
    assert books.get("/api/v1/id/partner").json()["may"] == ["plan-books"]


def test_a_token_ends_with_its_day_or_when_an_operator_ends_it_and_another_goes_on(core: Program) -> None:
    another = Program(PLAN_BOOKS.name)
    assert end_token(market="id", token_id=another.token.pk, by=OPERATOR)
    assert not end_token(market="id", token_id=another.token.pk, by=OPERATOR)
    assert not end_token(market="ru", token_id=core.token.pk, by=OPERATOR)
    assert another.get("/api/v1/id/partner").status_code == 401
    assert core.get("/api/v1/id/partner").status_code == 200
    with time_machine.travel(core.token.ends_at + timedelta(seconds=1)):
        assert core.get("/api/v1/id/partner").status_code == 401


@pytest.mark.parametrize(("may", "days"), [(("everything",), 30), ((PLAN_BOOKS.name,), 401), ((PLAN_BOOKS.name,), 0)])
def test_no_token_has_a_right_that_is_none_or_a_life_without_end(db: None, may: tuple[str, ...], days: int) -> None:
    with pytest.raises(ValueError, match="unknown right"):
        issue_token(market="id", partner="core", may=may, life=timedelta(days=days), by=OPERATOR)
    assert not PartnerToken.objects.exists()


def test_a_token_is_kept_as_a_digest_and_says_when_it_was_used(core: Program) -> None:
    kept = PartnerToken.objects.get()
    assert core.text.encode() not in bytes(kept.token_hash)
    assert kept.last_used_at is None
    core.get("/api/v1/id/partner")
    kept.refresh_from_db()
    assert kept.last_used_at is not None


def test_a_program_that_calls_without_end_waits(core: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    few = limits.Limit(name="partner-calls", most=2, window=timedelta(hours=1))
    monkeypatch.setattr(access, "PARTNER_CALLS", few)
    sibling, other = Program(PLAN_BOOKS.name), Program(PLAN_BOOKS.name, partner="billing")
    assert [core.get("/api/v1/id/partner").status_code for _time in range(3)] == [200, 200, 429]
    answer = sibling.get("/api/v1/id/partner")
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:mypolis:problem:partner-calls")
    assert int(answer["Retry-After"]) > 3_500
    assert other.get("/api/v1/id/partner").status_code == 200
