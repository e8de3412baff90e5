"""A member gets a card, shows it and loses it, and nobody else can do that for them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.insurance.ecard.cards import UnknownCard
from mypolis.insurance.ecard.counter.card_codes import make_code
from mypolis.insurance.ecard.flows import activate, reissue
from mypolis.insurance.ecard.models import Card
from mypolis.membership.consents.models import Consent
from tests.cast import ANNA, BUDI, JELENA, VERA, on_file
from tests.ecard.holders import Holder, counter
from tests.post import Post


def codes(answer: Any) -> set[tuple[str, str]]:
    return {(error["field"], error["code"]) for error in answer.json()["errors"]}


def test_a_stranger_has_no_cards(client: Client, db: None) -> None:
    for path in ("cards", "cards/1", "cards/1/qr", "cards/1/looks", "cards/1/pdf", "letters"):
        assert client.get(f"/api/v1/ru/{path}").status_code == 401


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=["rs", "id", "ru"])
def test_every_market_shows_terms_first_and_then_the_card(post: Post, somebody: Any) -> None:
    holder = Holder(somebody)
    (before,) = holder.get("cards").json()["cards"]
    assert (before["state"], before["number"], before["terms"]["key"]) == ("to_activate", None, "card")
    assert Client().get(f"{holder.base}/documents/card").status_code == 200
    after = holder.activate()
    assert (after["state"], after["terms"], len(after["number"])) == ("active", None, 12)
    assert after["id"] == before["id"]
    assert len(after["emergency"]) == 2


def test_the_name_stands_in_latin_letters_too_where_it_is_not_written_in_them(post: Post) -> None:
    assert Holder(ANNA).activate()["name_latin"] == "Sokolova Anna Sergeevna"
    jelena = Holder(JELENA).activate()
    assert (jelena["name"], jelena["name_latin"]) == ("Jelena Petrović", None)


def test_without_the_terms_there_is_no_card_and_nothing_in_the_ledger(post: Post) -> None:
    anna = Holder(ANNA)
    for body in ({}, {"accept_card": False}):
        answer = anna.post(f"cards/{anna.card}/activate", body)
        assert (answer.status_code, codes(answer)) == (422, {("accept_card", "required")})
    assert anna.post(f"cards/{anna.card}/activate", {"accept_card": "perhaps"}).status_code == 422
    assert not Card.objects.exists()
    assert not Consent.objects.filter(document="card").exists()


def test_activating_is_one_line_in_the_ledger_and_one_event_however_often(post: Post) -> None:
    anna = Holder(ANNA)
    assert anna.activate() == anna.activate()
    consent = Consent.objects.get(document="card")
    assert (consent.given, consent.version, consent.account) == (True, "2026-11-01", anna.account)
    event = Event.objects.get(kind="card.activated")
    assert (event.actor_kind, event.facts) == ("member", {"membership": anna.membership.pk})


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_make_one_card(post: Post) -> None:
    anna = Holder(ANNA)

    def tap(_number: int) -> str:
        try:
            held = activate(account=anna.account, card_id=anna.card, accepted=True, language="ru", by=SYSTEM)
            return held.card.number if held.card else ""
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = set(pool.map(tap, range(6)))
    assert numbers == {Card.objects.get().number}
    assert Consent.objects.filter(document="card").count() == 1


def test_a_card_that_is_not_yours_is_not_found(post: Post) -> None:
    anna, vera = Holder(ANNA), Holder(VERA)
    anna.activate()
    for path in ("", "/qr", "/looks", "/pdf"):
        answer = vera.get(f"cards/{anna.card}{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:mypolis:problem:unknown-card")
        assert vera.get(f"cards/{10**12}{path}").json() == answer.json()
    for verb in ("activate", "reissue"):
        assert vera.post(f"cards/{anna.card}/{verb}").status_code == 404
    assert vera.post("letters", {"card": anna.card}).status_code == 404


@pytest.mark.parametrize("odd", ["0", "-1", "x", "1e3", "٣", "9" * 40, "%00", "1%2f2"])
def test_an_odd_id_is_not_found(post: Post, odd: str) -> None:
    assert Holder(ANNA).get(f"cards/{odd}").status_code == 404


def test_a_token_of_one_market_opens_no_card_of_another(post: Post) -> None:
    anna = Holder(ANNA)
    assert anna.client.get(f"/api/v1/id/cards/{anna.card}").status_code == 401


def test_before_activation_there_is_no_code_no_paper_and_nothing_to_replace(post: Post) -> None:
    anna = Holder(ANNA)
    for answer in (
        anna.get(f"cards/{anna.card}/qr"),
        anna.get(f"cards/{anna.card}/pdf"),
        anna.post(f"cards/{anna.card}/reissue"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:mypolis:problem:not-activated")


def test_the_card_ends_the_day_after_the_last_day_and_stands_nowhere_as_ended(post: Post) -> None:
    anna = Holder(ANNA)
    anna.activate()
    code = anna.code()
    today = anna.account.profile.today()
    anna.account.person.memberships.update(end=today)
    assert counter("ru", code).json()["outcome"] == "active"
    anna.account.person.memberships.update(end=today - timedelta(days=1))
    assert counter("ru", code).json()["outcome"] == "not_active"
    (ended,) = anna.get("cards").json()["cards"]
    assert (ended["state"], ended["number"]) == ("ended", None)
    for answer in (anna.get(f"cards/{anna.card}/qr"), anna.get(f"cards/{anna.card}/pdf")):
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:mypolis:problem:not-in-force")
    anna.account.person.memberships.update(end=None)
    assert anna.get("cards").json()["cards"][0]["state"] == "active", "the list was corrected: the card is good again"


def test_a_cancelled_policy_ends_its_cards(post: Post) -> None:
    anna = Holder(ANNA)
    anna.activate()
    code, policy = anna.code(), anna.membership.policy
    policy.cancelled_at = anna.account.created_at
    policy.save()
    assert counter("ru", code).json()["outcome"] == "not_active"


def test_a_cover_that_has_not_begun_has_no_card_yet(post: Post) -> None:
    anna = Holder(ANNA)
    on_file(ANNA.but(policy_number="ДМС-NEXT", start=20))
    states = {card["policy_number"]: card["state"] for card in anna.get("cards").json()["cards"]}
    assert states == {"ДМС-204/7": "to_activate", "ДМС-NEXT": "future"}
    assert anna.post(f"cards/{anna.card}/activate", {"accept_card": True}).status_code == 409


def test_a_lost_card_dies_at_once_with_all_its_codes_and_the_new_one_has_another_number(post: Post) -> None:
    anna = Holder(ANNA)
    old = anna.activate()
    dead = [anna.code(), anna.code("offline")]
    new = anna.post(f"cards/{anna.card}/reissue").json()
    assert new["id"] == old["id"]
    assert new["number"] != old["number"]
    for code in dead:
        answer = counter("ru", code)
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:mypolis:problem:card-replaced")
        assert "А. С." not in answer.content.decode()
    assert counter("ru", anna.code()).json()["outcome"] == "active"
    assert sorted(Card.objects.values_list("serial", flat=True)) == [1, 2]
    assert Event.objects.get(kind="card.reissued").facts["serial"] == 2


def test_somebody_who_loses_a_card_all_day_long_is_asked_to_wait(post: Post) -> None:
    anna = Holder(ANNA)
    anna.activate()
    tries = [anna.post(f"cards/{anna.card}/reissue").status_code for _time in range(6)]
    assert tries == [200] * 5 + [429]
    assert Card.objects.filter(revoked_at=None).count() == 1


def test_a_code_says_until_when_it_is_good_and_for_what(post: Post) -> None:
    anna = Holder(ANNA)
    anna.activate()
    shown = anna.get(f"cards/{anna.card}/qr").json()
    assert shown["url"].endswith(f"/ru/v/{shown['token']}")
    assert shown["use"] == "now"
    assert anna.get(f"cards/{anna.card}/qr?use=offline").json()["use"] == "offline"
    assert anna.get(f"cards/{anna.card}/qr?use=print").status_code == 422, "codes for paper come only with the PDF"


def test_no_secret_and_no_personal_data_in_events(post: Post) -> None:
    anna = Holder(ANNA)
    number = anna.activate()["number"]
    code = anna.code()
    counter("ru", code)
    events = str(list(Event.objects.values_list("subject", "facts")))
    for secret in (number, code, "Соколова", ANNA.policy_number):
        assert secret not in events


def test_the_last_day_ends_when_it_ends_in_the_market(post: Post) -> None:
    budi = Holder(BUDI)
    budi.activate()
    noon = timezone.now().replace(hour=12, minute=0)
    budi.account.person.memberships.update(end=noon.date())
    card = Card.objects.get()
    now_in = {"Jakarta, 23:59": noon.replace(hour=16, minute=59), "Jakarta, 00:00": noon.replace(hour=17)}
    outcomes = {}
    for when, moment in now_in.items():
        with time_machine.travel(moment, tick=False):
            fresh = make_code(card.pk, bytes(card.secret), market="id", use="now", made_at=moment)
            outcomes[when] = counter("id", fresh).json()["outcome"]
    assert outcomes == {"Jakarta, 23:59": "active", "Jakarta, 00:00": "not_active"}


def test_whose_card_it_is_may_be_somebody_whom_the_member_may_see(post: Post) -> None:
    anna, vera = Holder(ANNA), Holder(VERA)
    seen = vera.account.person.memberships.all()
    held = activate(account=anna.account, seen=seen, card_id=vera.card, accepted=True, language="ru", by=SYSTEM)
    assert held.membership == vera.membership
    assert Consent.objects.get(document="card").account == anna.account, "the member who acted accepted the terms"
    new = reissue(account=anna.account, seen=seen, card_id=vera.card, by=SYSTEM)
    assert new.card != held.card
    assert post.to(ANNA.email)[0].template == "card-reissued" or post.to(ANNA.mobile)[0].template == "card-reissued"
    with pytest.raises(UnknownCard):
        activate(account=anna.account, seen=seen, card_id=anna.card, accepted=True, language="ru", by=SYSTEM)
