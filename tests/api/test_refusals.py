"""Every refusal is a problem document with its own status, and with the journey if there is one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.lib.crypto.tokens import new_token
from mypolis.membership.roster.invitations import invite
from mypolis.membership.roster.models import Invitation
from tests.api.talk import MARKETS, Talk, assert_problem, told
from tests.cast import ALI, ANNA, BUDI, PASSWORD, on_file
from tests.doors import ApiDoor
from tests.post import Post
from tests.registration.steps import card_form, open_form, register

type Talking = Callable[[str], Talk]

ODD_TOKENS = ["x", "..", "%2e%2e", "é", "\x00", "\u202e", "a b", "'", "%", "a" * 5_000, "\N{PILE OF POO}"]


@pytest.fixture
def at_the_code(talk: Talking, post: Post) -> Talk:
    """Budi's journey, which waits for a code."""
    on_file(BUDI)
    budi = talk("id")
    budi.start("register", "group")
    budi.answer("identity", **card_form())
    response = budi.answer("licence", accept_licence=True)
    assert response.json()["step"]["name"] == "code"
    return budi


@pytest.mark.parametrize("token", ODD_TOKENS, ids=ascii)
def test_a_token_that_nobody_gave_out_is_a_404(talk: Talking, token: str) -> None:
    rs = talk("rs")
    rs.token = quote(token, safe="")
    assert rs.client.get(rs.journey).status_code == 404
    for address, body in (
        (rs.journey, {"step": "credentials"}),
        (f"{rs.journey}/back", {"to": "credentials"}),
        (f"{rs.journey}/resend", {}),
    ):
        assert_problem(rs.send(address, body), 404)


@pytest.mark.parametrize("other", MARKETS)
def test_a_token_of_another_market_is_a_404(talk: Talking, other: str) -> None:
    own = talk("id" if other != "id" else "rs")
    own.start("signin")
    stranger = talk(other)
    stranger.token = own.token
    assert_problem(stranger.client.get(stranger.journey), 404)
    assert_problem(stranger.answer("credentials", password="x"), 404)
    assert_problem(stranger.send(f"{stranger.journey}/back", {"to": "credentials"}), 404)
    assert_problem(stranger.send(f"{stranger.journey}/resend", {}), 404)


@pytest.mark.parametrize("market", ["xx", "RS", "rs%00", "..", "é", "rs ", "api"])
def test_an_unknown_market_is_a_404(client: Client, db: None, market: str) -> None:
    assert client.get(f"/api/v1/{market}").status_code == 404
    assert client.post(f"/api/v1/{market}/journeys", {"journey": "signin"}, "application/json").status_code == 404
    assert client.get(f"/api/v1/{market}/captcha").status_code == 404


@pytest.mark.parametrize("path", ["nothing", "rs/nothing", "rs/journeys/a/b/c", "rs/documents/nothing", "rs/journeys/"])
def test_an_address_that_is_not_there_is_a_problem_document_too(client: Client, db: None, path: str) -> None:
    assert_problem(client.get(f"/api/v1/{path}"), 404)


def test_a_foreign_host_is_a_problem_document_too(client: Client, db: None) -> None:
    assert_problem(client.get("/api/v1/rs", headers={"host": "elsewhere.test"}), 400)


def test_a_fault_of_ours_is_a_problem_document_that_tells_nothing(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("mypolis.foundation.journeys.flows.start", lambda **_kwargs: 1 / 0)
    response = client.post("/api/v1/rs/journeys", {"journey": "signin"}, "application/json")
    assert_problem(response, 500)
    assert b"division" not in response.content


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("tail", ["", "/TOKEN", "/TOKEN/back", "/TOKEN/resend"])
def test_a_wrong_method_is_a_405_that_names_the_right_ones(talk: Talking, method: str, tail: str) -> None:
    rs = talk("rs")
    rs.start("signin")
    response = getattr(rs.client, method)(rs.journeys + tail.replace("TOKEN", rs.token))
    assert response.status_code == 405
    assert "POST" in response["Allow"]


@pytest.mark.parametrize(("tail", "method"), [("me", "post"), ("signout", "get"), ("captcha", "post")])
def test_other_operations_refuse_the_wrong_method(client: Client, db: None, tail: str, method: str) -> None:
    assert getattr(client, method)(f"/api/v1/rs/{tail}").status_code == 405


@pytest.mark.parametrize("step", ["nothing", "", "Credentials", "entry", "code\x00", "\u202e"])
def test_a_step_that_no_step_is_called_is_a_422(talk: Talking, step: str) -> None:
    rs = talk("rs")
    rs.start("signin")
    assert told(assert_problem(rs.answer(step), 422)) == {("step", "unknown")}
    assert told(assert_problem(rs.send(f"{rs.journey}/back", {"to": step}), 422)) == {("step", "unknown")}


def test_a_step_that_is_not_open_is_a_409_with_the_journey(at_the_code: Talk) -> None:
    for step in ("identity", "licence", "username", "password"):
        problem = assert_problem(at_the_code.answer(step, password=PASSWORD), 409)
        assert problem["journey"]["step"]["name"] == "code"


def test_a_step_not_reached_cannot_be_gone_back_to(at_the_code: Talk) -> None:
    for step in ("username", "password"):
        problem = assert_problem(at_the_code.send(f"{at_the_code.journey}/back", {"to": step}), 409)
        assert problem["journey"]["path"] == ["identity", "licence", "code"]


def test_a_refused_answer_carries_the_errors_and_the_journey(at_the_code: Talk) -> None:
    problem = assert_problem(at_the_code.answer("code", code="12345"), 422)
    assert told(problem) == {("code", "invalid")}
    assert problem["detail"] == problem["errors"][0]["message"]
    assert problem["journey"]["token"] == at_the_code.token
    assert problem["journey"]["step"]["attempts_left"] == 5


@pytest.mark.parametrize("code", ["١٢٣٤٥٦", "１２３４５６", "123 456", " 123-456 "])
def test_six_digits_of_any_script_are_a_code_though_a_wrong_one(at_the_code: Talk, code: str) -> None:
    problem = assert_problem(at_the_code.answer("code", code=code), 422)
    assert told(problem) == {("code", "wrong")}


def test_a_resend_too_early_is_a_429_that_says_when(at_the_code: Talk) -> None:
    response = at_the_code.send(f"{at_the_code.journey}/resend", {})
    problem = assert_problem(response, 429)
    assert 1 <= int(response["Retry-After"]) <= 30
    assert problem["journey"]["step"]["resend_after"] == pytest.approx(int(response["Retry-After"]), abs=1)


def test_a_resend_where_no_code_was_sent_is_a_409(talk: Talking) -> None:
    rs = talk("rs")
    rs.start("signin")
    assert_problem(rs.send(f"{rs.journey}/resend", {}), 409)


def test_a_finished_journey_is_a_409_and_its_secrets_are_not_told_again(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    done = register(door, post, ANNA)
    assert done.result
    assert done.result["access_token"]
    address = f"/api/v1/ru/journeys/{door.token}"
    for tail, body in (("", {"step": "code"}), ("/back", {"to": "identity"}), ("/resend", {})):
        problem = assert_problem(client.post(address + tail, body, "application/json"), 409)
        assert problem["journey"]["state"] == "done"
        assert problem["journey"]["result"] is None
    again = client.get(address).json()
    assert (again["state"], again["step"], again["path"]) == ("done", None, ["identity", "code"])
    assert again["result"] is None


def test_an_expired_journey_is_a_410_and_tells_nothing_of_the_answers(at_the_code: Talk) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        for tail, body in (("", {"step": "code", "answers": {"code": "123456"}}), ("/back", {"to": "identity"})):
            assert "journey" not in assert_problem(at_the_code.send(at_the_code.journey + tail, body), 410)
        assert_problem(at_the_code.send(f"{at_the_code.journey}/resend", {}), 410)
        document = at_the_code.document()
    assert (document["state"], document["step"]) == ("expired", None)
    assert BUDI.email not in str(document)


def test_a_journey_long_expired_was_never_there(at_the_code: Talk) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert_problem(at_the_code.client.get(at_the_code.journey), 404)


@pytest.mark.parametrize("what", ["unknown", "used", "expired", "voided", "another market"])
def test_an_invitation_that_is_no_longer_good_is_a_410(talk: Talking, post: Post, what: str) -> None:
    person = on_file(ALI)
    invite(market="ru", person_ids=[person.pk], by=SYSTEM)
    token = post.to(ALI.email)[0].links[0].rpartition("/")[2]
    now = timezone.now()
    changes: dict[str, dict[str, Any]] = {
        "used": {"used_at": now},
        "expired": {"expires_at": now - timedelta(seconds=1)},
        "voided": {"voided_at": now},
    }
    if what in changes:
        Invitation.objects.update(**changes[what])
    ru = talk("ru")
    body = {"journey": "register", "way": "invitation", "invitation": new_token() if what == "unknown" else token}
    if what == "another market":
        assert_problem(ru.send("/api/v1/rs/journeys", body), 422)
        return
    problem = assert_problem(ru.send(ru.journeys, body), 410)
    assert problem["type"].endswith(f"invitation-{what}")


def test_an_invitation_that_died_on_the_way_leads_back_and_says_no_match(talk: Talking, post: Post) -> None:
    person = on_file(ALI)
    invite(market="ru", person_ids=[person.pk], by=SYSTEM)
    token = post.to(ALI.email)[0].links[0].rpartition("/")[2]
    ru = talk("ru")
    fields = ru.start("register", "invitation", invitation=token)["step"]["fields"]
    form = open_form(ALI, policy_number=ALI.policy_number)
    assert ru.answer("identity", **{field["name"]: form[field["name"]] for field in fields}).status_code == 200
    Invitation.objects.update(voided_at=timezone.now())
    problem = assert_problem(ru.answer("code", code=post.code(ALI.mobile)), 422)
    assert told(problem) == {("", "no_match")}
    assert problem["journey"]["step"]["name"] == "identity"


@pytest.mark.parametrize("bearer", ["", "x", "Bearer", "Bearer ", "Bearer x y", "Basic eDp5", "bearer \xe9", "Token x"])
@pytest.mark.parametrize("market", MARKETS)
def test_a_stranger_is_a_401_that_names_the_scheme(client: Client, db: None, market: str, bearer: str) -> None:
    headers = {"authorization": bearer}
    for response in (
        client.get(f"/api/v1/{market}/me", headers=headers),
        client.post(f"/api/v1/{market}/signout", headers=headers),
    ):
        assert_problem(response, 401)
        assert response["WWW-Authenticate"] == "Bearer"
