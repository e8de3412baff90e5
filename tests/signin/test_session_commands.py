"""`mypolis sessions end`: an operator signs a member out, or everybody, and events record who did it."""

import argparse
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors.time_codes import new_secret
from mypolis.membership.accounts.codes.authenticators import link
from mypolis.membership.accounts.models import Account, Authenticator, Device
from mypolis.membership.accounts.sessions import devices
from mypolis.membership.operators.session_commands import add_parser
from mypolis.membership.people.models import Person
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, on_file
from tests.doors import ApiDoor
from tests.ecard.holders import Holder
from tests.post import Post
from tests.registration.steps import register, sign_in

type End = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def end(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: None) -> End:
    """`mypolis sessions end …` with the typed text on standard input: the exit code and the output."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())

    def run(market: str, typed: str, *more: str) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        capsys.readouterr()
        parsed = parser.parse_args(["sessions", "end", "--market", market, "--by", "olga", "--json", *more])
        code = parsed.run(parsed)
        return code, json.loads(capsys.readouterr().out or "{}")

    return run


def is_in(holder: Holder) -> bool:
    return bool(holder.get("me").status_code == 200)


@pytest.mark.parametrize("typed", [ANNA.email, "8 (916) 123-45-67"])
def test_a_member_is_signed_out_everywhere_and_others_are_not(end: End, post: Post, typed: str) -> None:
    anna, budi = Holder(ANNA), Holder(BUDI)
    other = ApiDoor(Client())
    sign_in(other, post, ANNA, ANNA.mobile)
    assert end("ru", typed) == (0, {"ended": 2})
    assert (is_in(anna), other.is_signed_in(), is_in(budi)) == (False, False, True)
    event = Event.objects.filter(kind="account.signed_out").latest("pk")
    assert (event.actor_kind, event.actor_id, event.subject) == (
        "staff",
        "olga",
        f"accounts.account:{anna.account.pk}",
    )
    assert end("ru", typed) == (0, {"ended": 0})


def test_the_devices_are_forgotten_those_that_are_signed_out_already_too(end: End, post: Post) -> None:
    door = ApiDoor(Client())
    on_file(ANNA)
    register(door, post, ANNA)
    door.sign_out()
    link(account=Account.objects.get(), secret=new_secret(), step=1, by=SYSTEM)
    before = set(Device.objects.values_list("recognition_hash", flat=True))
    assert end("ru", ANNA.email) == (0, {"ended": 0})
    assert before.isdisjoint(Device.objects.values_list("recognition_hash", flat=True))
    assert not Authenticator.objects.exists()
    door.start("ru", "signin")
    assert door.answer("credentials", mobile=ANNA.mobile, password=PASSWORD).step == "code"


def test_of_several_who_share_an_address_none_is_signed_out_unless_all_are_meant(end: End, post: Post) -> None:
    anna, budi = Holder(ANNA), Holder(BUDI)
    Person.objects.filter(pk=budi.account.person_id).update(market="ru", email=ANNA.email, email_key=ANNA.email)
    Account.objects.filter(pk=budi.account.pk).update(market="ru")
    assert end("ru", ANNA.email)[0] == 1
    assert is_in(anna)
    assert end("ru", ANNA.mobile) == (0, {"ended": 1})
    assert end("ru", ANNA.email, "--all") == (0, {"ended": 1})


def test_everybody_of_a_market_is_signed_out_and_another_market_is_not(
    end: End, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "_AT_A_TIME", 1)
    anna, jelena = Holder(ANNA), Holder(JELENA)
    sign_in(ApiDoor(Client()), post, ANNA, ANNA.mobile)
    assert end("ru", "", "--everybody") == (0, {"ended": 2})
    assert (is_in(anna), is_in(jelena)) == (False, True)


def test_nobody_is_meant_and_an_unknown_market_are_told(end: End, capsys: pytest.CaptureFixture[str]) -> None:
    assert end("ru", "nobody@example.test")[0] == 1
    assert end("ru", "")[0] == 1
    assert end("xx", "nobody@example.test")[0] == 2
