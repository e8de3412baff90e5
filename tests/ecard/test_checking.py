"""A counter scans a code: it learns only what it needs, the member sees the check, and misuse is recognised."""

import base64
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market
from mypolis.insurance.ecard.counter import checking
from mypolis.insurance.ecard.counter.card_codes import Use, make_code
from mypolis.insurance.ecard.jobs import forget_looks
from mypolis.insurance.ecard.limits import (
    CARD_CHECKS,
    CARD_CHECKS_PER_ADDRESS,
    GOOD_CARD_CHECKS_PER_ADDRESS,
    OTHER_CARD_CHECKS,
)
from mypolis.insurance.ecard.models import Card, Look
from tests.cast import ANNA, BUDI, JELENA
from tests.ecard.holders import Holder, counter, page
from tests.ecard.test_papers import ask_letter, code_on, paper
from tests.post import Post


@pytest.fixture
def anna(post: Post) -> Holder:
    """Anna, whose card is active and whose plan has a name."""
    anna = Holder(ANNA)
    anna.account.person.memberships.update(plan="Комфорт")
    anna.activate()
    return anna


def card_code(use: Use = "now", *, age: timedelta = timedelta(), **changes: Any) -> str:
    """A code of the only card, made `age` ago."""
    card = Card.objects.get(revoked_at=None)
    given = {"card_id": card.pk, "secret": bytes(card.secret), "market": card.market, **changes}
    return make_code(given.pop("card_id"), given.pop("secret"), use=use, made_at=timezone.now() - age, **given)


def test_a_stranger_learns_that_it_is_in_force_the_initials_and_the_plan_and_nothing_else(anna: Holder) -> None:
    answer = counter("ru", anna.code())
    facts = answer.json()
    assert answer.status_code == 200
    assert (facts.pop("outcome"), facts.pop("initials"), facts.pop("plan")) == ("active", "А. С.", "Комфорт")
    assert set(facts) == {"insurer", "use", "made_at", "checked_at", "elsewhere", "first_elsewhere"}
    assert answer["Cache-Control"] == "no-store"


def test_the_page_says_the_same_and_keeps_quiet_about_the_rest(anna: Holder) -> None:
    answer = page("ru", anna.code())
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "This cover is in force" in text
    assert "А. С." in text
    assert "Комфорт" in text
    card = Card.objects.get()
    for secret in (ANNA.surname, ANNA.given_name, ANNA.policy_number, ANNA.birth_date, ANNA.mobile, ANNA.email):
        assert secret not in text
    assert card.number not in text
    assert str(card.pk) not in text


def test_of_a_cover_that_ended_the_initials_stay_and_the_plan_goes(anna: Holder) -> None:
    code = anna.code()
    anna.account.person.memberships.update(end="2020-01-01")
    facts = counter("ru", code).json()
    assert (facts["outcome"], facts["initials"], facts["plan"]) == ("not_active", "А. С.", None)
    assert "This cover is not in force" in page("ru", code).content.decode()


def test_tricks_get_their_own_answer_or_the_one_for_everything_that_is_not_ours(anna: Holder) -> None:
    good = card_code()
    raw = bytearray(base64.urlsafe_b64decode(good + "=="))
    raw[-1] ^= 1
    refused = {
        "expired": counter("ru", card_code(age=timedelta(minutes=6))),
        "another market's": counter("rs", good),
        "signed for another market": counter("ru", card_code(market="rs")),
        "another card's secret": counter("ru", card_code(secret=b"x" * 32)),
        "a card that never was": counter("ru", card_code(card_id=uuid4())),
        "one bit changed": counter("ru", base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")),
        "cut off": counter("ru", good[:-1]),
        "nonsense": counter("ru", "hello"),
    }
    kinds = {what: (answer.status_code, answer.json()["type"].rpartition(":")[2]) for what, answer in refused.items()}
    assert kinds.pop("expired") == (410, "card-code-expired")
    assert set(kinds.values()) == {(404, "unknown-code")}
    bodies = {answer.content for what, answer in refused.items() if what not in ("expired", "another market's")}
    assert len(bodies) == 1, "nobody learns why it is not ours"
    assert counter("ru", good).status_code == 200


def test_an_old_photo_tells_nothing_about_what_became_of_the_card(anna: Holder) -> None:
    old = card_code(age=timedelta(minutes=6))
    still_good = counter("ru", old).json()
    anna.account.person.memberships.update(end="2020-01-01")
    assert counter("ru", old).json() == still_good
    text = page("ru", old).content.decode()
    assert "This code is too old" in text
    assert "А. С." not in text


def test_a_code_kept_for_no_network_is_good_for_hours_shows_its_age_and_is_judged_live(anna: Holder) -> None:
    code = card_code("offline", age=timedelta(hours=11))
    facts = counter("ru", code).json()
    assert (facts["outcome"], facts["use"]) == ("active", "offline")
    assert facts["made_at"] < facts["checked_at"]
    assert "Code kept on the phone since" in page("ru", code).content.decode()
    anna.account.person.memberships.update(end="2020-01-01")
    assert counter("ru", code).json()["outcome"] == "not_active"
    assert counter("ru", card_code("offline", age=timedelta(hours=13))).status_code == 410


def test_a_copied_code_shows_that_it_was_looked_at_elsewhere(anna: Holder) -> None:
    code = card_code("offline")
    assert counter("ru", code, address="198.51.100.7").json()["elsewhere"] == 0
    assert counter("ru", code, address="198.51.100.7").json()["elsewhere"] == 0, "a second check by the same counter"
    other = counter("ru", code, address="203.0.113.9").json()
    assert other["elsewhere"] == 1
    assert other["first_elsewhere"] < other["checked_at"]
    assert "This code was also checked elsewhere" in page("ru", code, address="192.0.2.1").content.decode()


def test_paper_is_meant_for_many_eyes(anna: Holder) -> None:
    code = card_code("print")
    for number in range(3):
        assert counter("ru", code, address=f"203.0.113.{number}").json()["elsewhere"] == 0


def test_the_member_sees_every_look_with_its_time_and_without_the_looker(anna: Holder) -> None:
    counter("ru", card_code())
    page("ru", card_code("print"))
    counter("ru", card_code(age=timedelta(hours=1)))
    anna.post(f"cards/{anna.card}/reissue")
    looks = anna.looks()
    assert [(look["use"], look["outcome"]) for look in looks] == [
        ("now", "expired"),
        ("print", "active"),
        ("now", "active"),
    ]
    assert {tuple(look) for look in looks} == {("at", "use", "outcome", "looker", "place", "here")}
    assert {event.address for event in Event.objects.filter(kind="card.checked")} == {"198.51.100.7"}


def test_looking_again_within_a_minute_is_one_look_and_later_another(anna: Holder) -> None:
    code = card_code("offline")
    now = timezone.now().replace(second=10)
    with time_machine.travel(now, tick=False) as clock:
        for _time in range(3):
            counter("ru", code)
        assert Look.objects.count() == 1
        assert Event.objects.filter(kind="card.checked").count() == 1
        clock.shift(60)
        counter("ru", code)
        assert Look.objects.count() == 2


def test_what_nobody_sees_is_no_look(anna: Holder) -> None:
    code = card_code()
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    assert stranger.head(f"/ru/v/{code}").status_code == 200
    assert stranger.head(f"/api/v1/ru/card-check/{code}").status_code in (200, 405)
    for header in ("sec-purpose", "purpose"):
        assert page("ru", code, **{header: "prefetch;prerender"}).status_code == 503
    assert stranger.post(f"/ru/v/{code}").status_code == 405
    assert not Look.objects.exists()


def test_forged_codes_leave_no_trace_that_a_stranger_could_fill_up(anna: Holder) -> None:
    before = Event.objects.count()
    for _time in range(3):
        counter("ru", card_code(card_id=uuid4()))
    assert (Event.objects.count(), Look.objects.count()) == (before, 0)


def test_one_address_that_tries_too_often_is_stopped_and_others_are_not(anna: Holder, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "CARD_CHECKS_PER_ADDRESS", replace(CARD_CHECKS_PER_ADDRESS, most=3))
    answers = [counter("ru", "x" * 50).status_code for _time in range(4)]
    assert answers == [404, 404, 404, 429]
    assert page("ru", "x" * 50).status_code == 429
    assert page("ru", card_code(age=timedelta(hours=1))).status_code == 429
    assert counter("ru", "x" * 50, address="203.0.113.9").status_code == 404


def test_bad_codes_from_a_clinic_do_not_keep_it_from_checking_good_ones(anna: Holder, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "CARD_CHECKS_PER_ADDRESS", replace(CARD_CHECKS_PER_ADDRESS, most=1))
    for bad in ("x" * 50, "nonsense", card_code(age=timedelta(hours=1))):
        counter("ru", bad)
    assert counter("ru", "x" * 50).status_code == 429
    assert (counter("ru", card_code()).status_code, page("ru", card_code("print")).status_code) == (200, 200)


def test_one_address_that_checks_too_many_good_codes_is_stopped(anna: Holder, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "GOOD_CARD_CHECKS_PER_ADDRESS", replace(GOOD_CARD_CHECKS_PER_ADDRESS, most=2))
    codes = [card_code(age=timedelta(seconds=10 * number)) for number in range(3)]
    assert [counter("ru", code).status_code for code in codes] == [200, 200, 429]
    assert page("ru", card_code(), address="203.0.113.9").status_code == 200
    assert Counter(look["outcome"] for look in anna.looks())["limited"] == 1, "the member sees what got no answer"


def test_one_card_that_is_looked_at_too_often_is_stopped_and_others_are_not(
    anna: Holder, post: Post, monkeypatch: Any
) -> None:
    monkeypatch.setattr(checking, "CARD_CHECKS", replace(CARD_CHECKS, most=3))
    budi = Holder(BUDI)
    budi.activate()
    card = Card.objects.get(market="ru")
    codes = [
        make_code(card.pk, bytes(card.secret), market="ru", use="now", made_at=timezone.now() - timedelta(seconds=age))
        for age in range(5)
    ]
    answers = [counter("ru", code, address=f"203.0.113.{n}").status_code for n, code in enumerate(codes)]
    assert answers == [200, 200, 200, 429, 429]
    assert counter("id", budi.code()).status_code == 200


@pytest.mark.parametrize("door", [counter, page], ids=["api", "page"])
def test_old_photos_never_block_the_real_card(anna: Holder, monkeypatch: Any, door: Any) -> None:
    monkeypatch.setattr(checking, "CARD_CHECKS", replace(CARD_CHECKS, most=2))
    replaced = card_code("print")
    anna.post(f"cards/{anna.card}/reissue")
    for number in range(4):
        address = f"203.0.113.{number}"
        assert door("ru", replaced, address=address).status_code == 410
        assert door("ru", card_code(age=timedelta(days=1)), address=address).status_code == 410
    assert [door("ru", card_code(), address=f"198.51.100.{n}").status_code for n in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("copied", ["print", "offline", "letter"])
def test_a_copied_code_of_another_kind_never_blocks_the_code_on_the_phone(
    anna: Holder, folder: Path, monkeypatch: Any, copied: Any
) -> None:
    monkeypatch.setattr(checking, "CARD_CHECKS", replace(CARD_CHECKS, most=2))
    if copied == "letter":
        code, check = code_on(paper(anna, ask_letter(anna))), checked_letter_at
    else:
        code, check = card_code(copied), counter
    statuses = [check("ru", code, address=f"203.0.113.{number}").status_code for number in range(3)]
    assert statuses == [200, 200, 429]
    assert counter("ru", card_code()).status_code == 200


def test_a_check_that_got_no_answer_is_shown_to_the_member_all_the_same(anna: Holder, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "CARD_CHECKS", replace(CARD_CHECKS, most=1))
    code = card_code("print")
    with time_machine.travel(timezone.now().replace(second=10), tick=False):
        for number in (1, 2):
            counter("ru", code, address=f"203.0.113.{number}")
        assert page("ru", code, address="203.0.113.2").status_code == 429, "asked again, within the minute"
    assert sorted(look["outcome"] for look in anna.looks()) == ["active", "limited"]
    facts = Event.objects.filter(kind="card.checked").values_list("facts", flat=True)
    assert sorted(fact["outcome"] for fact in facts) == ["active", "limited"]


def test_no_flood_of_checks_leaves_rows_without_end(anna: Holder, monkeypatch: Any) -> None:
    monkeypatch.setattr(checking, "CARD_CHECKS", replace(CARD_CHECKS, most=2))
    monkeypatch.setattr(checking, "OTHER_CARD_CHECKS", replace(OTHER_CARD_CHECKS, most=3))
    old = card_code(age=timedelta(days=1))
    for number in range(8):
        assert counter("ru", old, address=f"203.0.113.{number}").status_code == 410
        counter("ru", card_code(), address=f"198.51.100.{number}")
    assert Counter(look["outcome"] for look in anna.looks()) == {"active": 2, "limited": 3, "expired": 3}
    assert Event.objects.filter(kind="card.checked").count() == 8


def checked_letter_at(market: str, code: str, *, address: str) -> Any:
    return Client(REMOTE_ADDR=address).get(f"/api/v1/{market}/letter-check/{code}")


def test_looks_are_forgotten_in_the_end(anna: Holder) -> None:
    counter("ru", card_code())
    forget_looks(timestamp=0)
    assert Look.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        forget_looks(timestamp=0)
    assert not Look.objects.exists()


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=["rs", "id", "ru"])
def test_every_market_and_language_has_its_page(post: Post, somebody: Any) -> None:
    holder = Holder(somebody)
    holder.activate()
    for language in market(holder.market).languages:
        assert page(holder.market, holder.code(), language=language)["Content-Language"] == language


def test_a_wrong_code_gets_a_page_that_says_what_to_do(db: None) -> None:
    answer = page("ru", "nothing")
    assert answer.status_code == 404
    assert "This code is not one of ours" in answer.content.decode()
