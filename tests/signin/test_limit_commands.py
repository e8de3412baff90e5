"""`mypolis limits`: the operator finds every used-up limit by what the person typed, and lifts it."""

import argparse
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.membership.family.models import ClaimConsent
from mypolis.membership.operators.limit_commands import add_parser
from tests.cast import ANNA, BUDI, JELENA, NEW_PASSWORD, PASSWORD, on_file
from tests.doors import ApiDoor
from tests.ecard.holders import COUNTER, Holder, counter
from tests.family.home import aged, insure, person
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form, register, sign_in, solved

type Ask = Callable[..., list[dict[str, Any]]]


def main(arguments: list[str]) -> int:
    """The exit code of `mypolis …`."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(arguments)
    return int(parsed.run(parsed))


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: None) -> Ask:
    """`mypolis limits …` with the typed text on standard input. Returns the limits that it reports."""

    def run(verb: str, market: str, typed: str, *more: str) -> list[dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        capsys.readouterr()
        assert main(["limits", verb, "--market", market, "--json", *more]) == 0
        found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["limits"]
        return found

    return run


def blocked(found: list[dict[str, Any]]) -> set[str]:
    """The names of the limits that block."""
    return {row["limit"] for row in found if row["blocks"]}


def test_wrong_passwords(ask: Ask, post: Post) -> None:
    on_file(ANNA)
    register(ApiDoor(Client()), post, ANNA)
    door = ApiDoor(Client())
    for _try in range(10):
        door.start("ru", "signin")
        door.answer("credentials", mobile=ANNA.mobile, password="not this one")
    assert blocked(ask("list", "ru", "8 (916) 123-45-67")) == {"password-tries"}
    ask("lift", "ru", ANNA.mobile, "--by", "olga")
    assert sign_in(door, post, ANNA, ANNA.mobile).status == 200
    event = Event.objects.get(kind="limit.lifted", facts__limit="password-tries")
    assert (event.actor_kind, event.actor_id, event.facts["count"]) == ("staff", "olga", 10)


@pytest.mark.parametrize("journey", ["signin", "recover"])
def test_wrong_codes(ask: Ask, post: Post, journey: str) -> None:
    on_file(BUDI)
    door = ApiDoor(Client())
    register(door, post, BUDI)
    username, door = door.shown(), ApiDoor(Client())
    door.start("id", journey)
    answers = {"password": PASSWORD} if journey == "signin" else {}
    door.answer("credentials" if journey == "signin" else "identity", username=username, **answers)
    for _try in range(5):
        door.answer("code", code="000000")
    for typed in (username, BUDI.email):
        assert "code-tries" in blocked(ask("list", "id", typed))
    ask("lift", "id", username)
    assert door.answer("code", code=post.code(BUDI.email)).status == 200


def test_failed_matches_in_each_market(ask: Ask, post: Post) -> None:
    for somebody, way, form, wrong, typed in (
        (JELENA, "client", client_form, {"policy_number": "RS-9"}, [JELENA.national_id, JELENA.mobile]),
        (BUDI, "group", card_form, {"birth_date": "1999-01-01"}, [BUDI.email]),
        (ANNA, "open", open_form, {"birth_date": "1999-01-01"}, [ANNA.mobile, ANNA.email]),
    ):
        on_file(somebody)
        door = ApiDoor(Client())
        door.start(somebody.market, "register", way)
        fresh = {"captcha": solved} if somebody.market == "rs" else {}
        for _try in range(10):
            door.answer("identity", **form(**wrong, **{name: make() for name, make in fresh.items()}))
        for name in typed:
            assert "matches" in blocked(ask("list", somebody.market, name)), name
        for name in typed:
            ask("lift", somebody.market, name)
        assert door.answer("identity", **form()).status == 200


def test_recoveries_and_codes_a_day(ask: Ask, post: Post, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_codes_per_day": 3})
    on_file(ANNA)
    register(ApiDoor(Client()), post, ANNA)
    door, now = ApiDoor(Client()), timezone.now()
    for number in range(4):
        with time_machine.travel(now + timedelta(hours=number * 2), tick=False):
            door.start("ru", "recover")
            status = door.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date).status
    assert status == 429
    with time_machine.travel(now + timedelta(hours=6), tick=False):
        assert "sms-codes" in blocked(ask("list", "ru", ANNA.mobile))
        ask("lift", "ru", ANNA.mobile)
        assert door.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date).status == 200


def test_an_address(ask: Ask, post: Post, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 0.003})
    door = ApiDoor(Client(REMOTE_ADDR="2001:db8:1:2::7"))
    statuses = [door.start("ru", "register", "open").status for _time in range(4)]
    assert statuses == [201, 201, 201, 429]
    assert blocked(ask("list", "ru", "2001:db8:1:2::ffff")) == {"journeys"}
    assert ask("list", "ru", "2001:db8:9:9::7") == []
    ask("lift", "ru", "2001:db8:1:2::7")
    assert door.start("ru", "register", "open").status == 201


def test_the_present_password(ask: Ask, post: Post) -> None:
    anna = Holder(ANNA)
    new = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    for present in ["not this one"] * 10 + [PASSWORD]:
        status = anna.post("me/password", {"present": present, **new}).status_code
    assert status == 429
    assert blocked(ask("list", "ru", ANNA.mobile)) == {"password-tries"}
    ask("lift", "ru", ANNA.email)
    assert anna.post("me/password", {"present": PASSWORD, **new}).status_code == 200


def test_cards_and_letters(ask: Ask, post: Post) -> None:
    anna = Holder(ANNA)
    anna.activate()
    tries = {
        "card-reissues": lambda: anna.post(f"cards/{anna.card}/reissue"),
        "card-papers": lambda: anna.get(f"cards/{anna.card}/pdf"),
        "letters": lambda: anna.post("letters", {"card": anna.card}),
    }
    for ask_for in tries.values():
        assert [ask_for().status_code for _time in range(31)][-1] == 429
    for number in range(60):
        counter("ru", anna.code(), address=f"203.0.113.{number}")
    assert counter("ru", anna.code(), address="203.0.113.99").status_code == 429
    assert blocked(ask("list", "ru", ANNA.mobile)) == {*tries, "card-checks", "notices"}
    ask("lift", "ru", ANNA.mobile)
    assert {ask_for().status_code for ask_for in tries.values()} <= {200, 201}
    assert counter("ru", anna.code(), address="203.0.113.99").status_code == 200


def test_an_address_that_looked_at_many_cards(ask: Ask) -> None:
    counter("ru", "x" * 50)
    (found,) = ask("list", "ru", COUNTER)
    assert (found["limit"], found["count"]) == ("card-checks-per-address", 1)


@pytest.mark.parametrize("contact", ["nobody@example.test", "+381649876543"])
def test_offers_to_see_a_cover(ask: Ask, post: Post, contact: str) -> None:
    jelena = Holder(JELENA)
    for _time in range(6):
        status = jelena.post("mandates", {"contact": contact, "birth_date": "1980-05-05"}).status_code
    assert status == 429
    assert blocked(ask("list", "rs", contact)) == {"mandate-offers-to-one"}
    assert blocked(ask("lift", "rs", JELENA.email)) == {"mandate-offers"}
    assert jelena.post("mandates", {"contact": contact, "birth_date": "1980-05-05"}).status_code == 201


def test_requests_for_consent_to_claims(ask: Ask, post: Post) -> None:
    jelena = Holder(JELENA)
    husband = person("Dragan", aged(50))
    insure(husband, jelena.account.person.memberships.get().policy, "spouse")
    jelena.account.person.memberships.update(relation="policyholder")
    for _time in range(4):
        status = jelena.post("claim-consents", {"whose": str(husband.pk)}).status_code
        ClaimConsent.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    assert status == 429
    assert blocked(ask("list", "rs", husband.email)) == {"claim-consent-requests-to-one"}
    ask("lift", "rs", husband.email)
    assert jelena.post("claim-consents", {"whose": str(husband.pk)}).status_code == 201
    assert {row["limit"] for row in ask("list", "rs", JELENA.email)} >= {"claim-consent-requests"}


def test_what_is_told_and_kept_names_nobody(ask: Ask, post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    on_file(JELENA)
    register(ApiDoor(Client()), post, JELENA)
    sign_in(ApiDoor(Client()), post, JELENA, JELENA.email)
    output = json.dumps(ask("lift", "rs", JELENA.email))
    kept = " ".join(str(vars(event)) for event in Event.objects.filter(kind="limit.lifted"))
    assert "codes sent to" in output
    for word in (JELENA.email, JELENA.mobile, JELENA.national_id, JELENA.surname):
        assert word not in output + kept


def test_an_unknown_market_is_told(capsys: pytest.CaptureFixture[str], db: None) -> None:
    assert main(["limits", "list", "--market", "xx"]) == 2
    assert "must be one of: rs, id, ru" in capsys.readouterr().err
