"""A member's guarantees as JSON: the same flows as the pages, and what is not theirs is not found."""

from typing import Any

import pytest

from mypolis.foundation.guards.flows import spend
from mypolis.insurance.guarantees.lifecycle.deciding import refuse
from mypolis.insurance.guarantees.limits import GUARANTEES_ASKED
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.membership.accounts.models import Account
from tests.claims.app import App
from tests.claims.world import cover
from tests.guarantees.world import DESK, asked, given, wish
from tests.providers.clinic import clinic


@pytest.fixture
def app(budi: Account) -> App:
    return App(budi)


def body(account: Account, **changes: Any) -> dict[str, Any]:
    """A request for one day next week."""
    day = wish(account).planned_from.isoformat()
    values = {"membership": str(cover(account).pk), "benefit": "drugs", "provider": "KM-01", "expected": "600.00"}
    return {**values, "planned_from": day, "planned_to": day, **changes}


def assert_refused(answer: Any, status: int, code: str) -> None:
    """The API refuses with this problem."""
    assert answer.status_code == status, answer.content
    assert answer.json()["type"].endswith(code)


def test_nobody_without_a_token_reads_or_asks(app: App, budi: Account) -> None:
    found = asked(budi)
    app.client.defaults.pop("HTTP_AUTHORIZATION")
    for path in ("guarantees", f"guarantees/{found.number}", f"guarantees/{found.number}/letter"):
        assert app.get(path).status_code == 401
    assert app.post("guarantees", body(budi)).status_code == 401


@pytest.mark.parametrize("number", ["G-1", "%00", "nonsense", "g" * 300])
def test_what_is_not_theirs_is_not_found(app: App, siti: Account, number: str) -> None:
    theirs = given(siti)
    for key in (theirs.number, number):
        assert app.get(f"guarantees/{key}").status_code == 404
        assert app.get(f"guarantees/{key}/letter").status_code == 404
    assert app.get("guarantees").json() == {"guarantees": [], "next": None}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"provider": "ZZ-99"}, ("provider", "unknown")),
        ({"provider": "", "provider_name": " "}, ("provider_name", "required")),
        ({"planned_from": "2026-02-30"}, ("planned_from", "invalid")),
        ({"planned_to": "2001-01-01"}, ("planned_to", "before")),
        ({"expected": "0"}, ("expected", "not_positive")),
        ({"benefit": "no-such"}, ("benefit", "not_in_plan")),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    app: App, budi: Account, changes: dict[str, str], error: tuple[str, str]
) -> None:
    problem = app.post("guarantees", body(budi, **changes))
    assert problem.status_code == 422, problem.content
    assert [(one["field"], one["code"]) for one in problem.json()["errors"]] == [error]
    assert not Guarantee.objects.exists()


@pytest.mark.parametrize("membership", ["999999", "nonsense", "\x00", "-1", "1" * 20])
def test_nobody_asks_for_a_stranger(app: App, budi: Account, membership: str) -> None:
    assert_refused(app.post("guarantees", body(budi, membership=membership)), 404, "unknown-guarantee")


def test_requests_have_a_limit(app: App, budi: Account) -> None:
    for _time in range(GUARANTEES_ASKED.most):
        spend(GUARANTEES_ASKED, f"account:{budi.pk}", market="id")
    assert_refused(app.post("guarantees", body(budi)), 429, "guarantees-asked")


def test_a_member_asks_and_follows_their_request(app: App, budi: Account) -> None:
    made = app.post("guarantees", body(budi))
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert (made.json()["state"], made.json()["promised"], made.json()["provider"]) == ("asked", None, "KM-01")
    assert app.get(f"guarantees/{number}").json() == made.json()
    assert_refused(app.get(f"guarantees/{number}/letter"), 404, "no-letter")
    refuse(guarantee=Guarantee.objects.get(), code="no_referral", reason="Ask Dr Sari.", by=DESK)
    last = app.get(f"guarantees/{number}").json()["timeline"][-1]
    assert (last["state"], last["headline"]) == ("refused", "Refused")
    assert last["reasons"] == ["We need a doctor’s referral first. When you have it, please ask again.", "Ask Dr Sari."]


def test_a_letter_is_opened(app: App, budi: Account) -> None:
    found = given(budi, "900")
    shown = app.get(f"guarantees/{found.number}").json()
    assert (shown["holds"], shown["promised"], shown["own_share"]) == (True, "600.00", "300.00")
    letter = app.get(f"guarantees/{found.number}/letter")
    assert letter["Content-Type"] == "application/pdf"
    assert b"".join(letter.streaming_content).startswith(b"%PDF")


def test_html_in_the_name_of_a_clinic_stays_as_it_was_typed(app: App, budi: Account) -> None:
    clinic("X-1", "<script>alert(1)</script>")
    made = app.post("guarantees", body(budi, provider="X-1"))
    assert made.json()["provider_name"] == "<script>alert(1)</script>"
    assert made["Content-Type"] == "application/json; charset=utf-8"


def test_the_list_has_pages_with_few_statements(app: App, budi: Account, django_assert_max_num_queries: Any) -> None:
    made = [asked(budi, "10").number for _time in range(10)]
    Guarantee.objects.update(asked_at=Guarantee.objects.latest("asked_at").asked_at)  # equal times
    with django_assert_max_num_queries(15):
        everything = app.get("guarantees").json()
    assert sorted(one["number"] for one in everything["guarantees"]) == sorted(made)


def test_pages_go_on_after_the_last_row(app: App, budi: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mypolis.insurance.guarantees.api.PAGE", 2)
    made = [asked(budi, "10").number for _time in range(3)]
    first = app.get("guarantees").json()
    rest = app.get(f"guarantees?after={first['next']}").json()
    assert [one["number"] for one in (*first["guarantees"], *rest["guarantees"])] == made[::-1]
    assert rest["next"] is None


@pytest.mark.parametrize("after", ["x", "1", "1-2", "9" * 50 + "-" + "0" * 8, "-"])
def test_a_page_that_nobody_made_is_refused(app: App, budi: Account, after: str) -> None:
    assert app.get(f"guarantees?after={after}").status_code == 422
