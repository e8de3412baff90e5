"""`mypolis contacts change`: an operator replaces a member's e-mail or mobile, and an event records who did it."""

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
from mypolis.membership.accounts.models import Authenticator, ContactPoint, Device
from mypolis.membership.operators.contact_commands import add_parser
from tests.cast import ANNA, BUDI, VERA
from tests.doors import ApiDoor
from tests.ecard.holders import Holder
from tests.post import Post
from tests.registration.steps import sign_in

type Change = Callable[..., tuple[int, dict[str, Any], str]]
NEW = "+79169990011"


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: None) -> Change:
    """`mypolis contacts change …` with two lines on standard input: the exit code, the output, the errors."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())

    def run(market: str, kind: str, who: str, new: str) -> tuple[int, dict[str, Any], str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{who}\n{new}\n"))
        capsys.readouterr()
        words = ["contacts", "change", "--market", market, "--kind", kind, "--by", "olga", "--json"]
        parsed = parser.parse_args(words)
        code = parsed.run(parsed)
        printed = capsys.readouterr()
        return code, json.loads(printed.out or "{}"), printed.err

    return run


def test_a_member_who_lost_the_phone_signs_in_with_the_new_one(change: Change, post: Post) -> None:
    anna = Holder(ANNA)
    known = set(Device.objects.values_list("recognition_hash", flat=True))
    link(account=anna.account, secret=new_secret(), step=1, by=SYSTEM)
    assert change("ru", "mobile", ANNA.email, "8 (916) 999-00-11") == (0, {"changed": True, "ended": 1}, "")
    assert not Authenticator.objects.exists(), "it was on the phone"
    assert anna.get("me").status_code == 401
    assert known.isdisjoint(Device.objects.values_list("recognition_hash", flat=True))
    assert sign_in(ApiDoor(Client()), post, ANNA.but(mobile=NEW), NEW).status == 200
    assert "contact-changed" in [letter.template for letter in post.to(ANNA.mobile)]
    event = Event.objects.get(kind="contact.changed")
    assert (event.actor_kind, event.actor_id) == ("staff", "olga")


def test_what_breaks_off_on_the_way_changes_nothing(
    change: Change, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = Holder(ANNA)

    def killed(**_what: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("mypolis.membership.operators.flows.sign_out_and_forget", killed)
    with pytest.raises(KeyboardInterrupt):
        change("ru", "mobile", ANNA.email, NEW)
    assert ContactPoint.objects.get(kind="mobile").value == ANNA.mobile
    assert anna.get("me").status_code == 200


def test_an_address_may_be_changed_too(change: Change, post: Post) -> None:
    Holder(BUDI)
    assert change("id", "email", BUDI.email, "Elsewhere@example.test")[0] == 0
    assert ContactPoint.objects.get(kind="email").value.lower() == "elsewhere@example.test"


@pytest.mark.parametrize(
    ("market", "kind", "who", "new", "why"),
    [
        ("ru", "mobile", "nobody@example.test", NEW, "no members of this market match"),
        ("ru", "mobile", ANNA.email, "12", "this is not a mobile number"),
        ("ru", "mobile", ANNA.email, "", "this is not a mobile number"),
        ("ru", "email", ANNA.email, "x", "this is not an e-mail address"),
        ("ru", "mobile", ANNA.email, VERA.mobile, "another account has it"),
    ],
)
def test_what_will_not_do_is_told_and_changes_nothing(
    change: Change, post: Post, market: str, kind: str, who: str, new: str, why: str
) -> None:
    anna, _vera = Holder(ANNA), Holder(VERA)
    code, printed, errors = change(market, kind, who, new)
    assert (code, printed) == (1, {})
    assert why in errors
    assert anna.get("me").status_code == 200
    assert not Event.objects.filter(kind="contact.changed").exists()


def test_an_unknown_market_is_a_mistake_of_use(change: Change) -> None:
    assert change("xx", "email", ANNA.email, "x@example.test")[0] == 2
