"""The card's page in each state: activated, shown, printed, replaced, by its holder and nobody else."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pypdfium2 import PdfDocument

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.ecard import flows
from mypolis.insurance.ecard.models import Card
from mypolis.membership.accounts.sessions import middleware
from mypolis.membership.consents.models import Consent
from tests.cast import ANNA, BUDI, JELENA, VERA, on_file
from tests.ecard.holders import PageHolder, codes_on, decoded, page
from tests.house.pages.test_pages import assert_guarded, assert_well_made
from tests.post import Post

PAGES = ("", "desk/", "pdf/", "looks/", "lost/")


def path_of(url: str) -> str:
    """The path of the URL in a code."""
    return url[url.index("/", 9) :]


def shows(text: str, number: str) -> bool:
    """Whether a page shows a card's number, in groups. Four of its digits may appear by chance."""
    return number in "".join(text.split())


def heading_of(url: str, market: str) -> str:
    """The heading of the check page that a counter sees."""
    text = page(market, url.rpartition("/")[2]).content.decode()
    return text.partition("<h1>")[2].partition("</h1>")[0].strip()


@pytest.fixture
def anna(post: Post) -> PageHolder:
    return PageHolder(ANNA)


def test_a_stranger_is_led_to_sign_in(client: Client, db: None) -> None:
    for path in ("", "offline/", *(f"1/{one}" for one in PAGES)):
        answer = client.get(f"/ru/card/{path}")
        assert (answer.status_code, answer["Location"]) == (302, "/ru/signin/")
    for path in ("1/activate/", "1/lost/"):
        assert client.post(f"/ru/card/{path}")["Location"] == "/ru/signin/"


def test_a_card_that_is_not_yours_is_not_found(post: Post, anna: PageHolder) -> None:
    anna.activate()
    vera, card = PageHolder(VERA), str(anna.membership.pk)
    for one in PAGES:
        assert vera.get(one, card=card).status_code == 404
        assert vera.get(one, card=str(10**12)).status_code == 404
    for one in ("activate/", "lost/"):
        assert vera.send(one, {"accept_card": "on", "serial": "1"}, card=card).status_code == 404
    assert Card.objects.get().revoked_at is None


@pytest.mark.parametrize("odd", ["0", "-1", "x", "٣", "9" * 40])
def test_an_odd_address_is_not_found(anna: PageHolder, odd: str) -> None:
    assert anna.get(card=odd).status_code == 404


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=["rs", "id", "ru"])
def test_the_terms_come_first_and_then_the_card_with_a_code(post: Post, somebody: Any) -> None:
    holder = PageHolder(somebody)
    before = holder.first()
    text = before.content.decode()
    assert "Activate the card" in text
    assert str(before.context["terms"].title) in text
    assert codes_on(text) == {}
    text = holder.activate()
    assert "In force" in text
    assert shows(text, Card.objects.get().number)
    assert set(codes_on(text)) == {"now", "print"}
    assert Consent.objects.get(document="card").given


def test_without_the_tick_nothing_is_activated_and_the_page_says_what_is_missing(anna: PageHolder) -> None:
    answer = anna.send("activate/")
    assert answer.status_code == 422
    assert_well_made(answer)
    assert 'href="#id_accept_card"' in answer.content.decode()
    assert not Card.objects.exists()


def test_activating_twice_is_once(anna: PageHolder) -> None:
    anna.activate()
    anna.activate()
    assert Card.objects.count() == 1


def test_the_names_stand_in_both_scripts_where_the_first_is_not_latin(post: Post, anna: PageHolder) -> None:
    assert "Sokolova Anna Sergeevna" in anna.activate()
    mila = PageHolder(JELENA.but(given_name="Јелена", surname="Ђорђевић"))
    text = mila.activate()
    assert "Јелена Ђорђевић" in text
    assert "Jelena Đorđević" in text


def test_every_code_on_the_page_leads_to_the_live_check(anna: PageHolder) -> None:
    text = anna.activate()
    found = {**codes_on(text), **codes_on(anna.first("offline/").content.decode())}
    assert set(found) == {"now", "print", "offline"}
    for url in found.values():
        assert path_of(url).startswith("/ru/v/")
        assert heading_of(url, "ru") == "This cover is in force"


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=["rs", "id", "ru"])
def test_the_code_on_the_printed_card_is_read_by_a_decoder_and_leads_to_the_live_check(
    post: Post, somebody: Any
) -> None:
    holder = PageHolder(somebody)
    holder.activate()
    for dots_per_inch in (150, 300):
        sheet = PdfDocument(holder.get("pdf/").content)[0].render(scale=dots_per_inch / 72).to_pil()
        url = decoded(sheet)
        assert path_of(url).startswith(f"/{holder.market}/v/")
        assert heading_of(url, holder.market) == "This cover is in force"
    holder.send("lost/", {"serial": "1"})
    assert heading_of(url, holder.market) == "This card was replaced"


def test_the_page_draws_a_fresh_code_each_time_and_at_the_counter_nothing_else(anna: PageHolder) -> None:
    anna.activate()
    now = timezone.now()
    seen = set()
    for seconds in (0, 5):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            seen |= {codes_on(anna.get("desk/").content.decode())["now"], codes_on(anna.get().content.decode())["now"]}
    assert len(seen) == 2
    assert set(codes_on(anna.get("desk/").content.decode())) == {"now"}


def test_what_a_counter_is_shown_is_told_apart(post: Post, anna: PageHolder) -> None:
    """A code that is good, too old, of another market, forged, replaced, or of an ended cover."""
    url = codes_on(anna.activate())["now"]
    code, headings = url.rpartition("/")[2], {"good": heading_of(url, "ru"), "other market": heading_of(url, "rs")}
    headings["forged"] = heading_of(url[:-6] + ("AAAAAA" if not url.endswith("AAAAAA") else "BBBBBB"), "ru")
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        headings["old"] = heading_of(url, "ru")
    page("ru", code, address="203.0.113.5")
    headings["copied"] = "checked elsewhere too" if "checked elsewhere" in page("ru", code).content.decode() else ""
    anna.account.person.memberships.update(end="2020-01-01")
    headings["ended"] = heading_of(url, "ru")
    anna.account.person.memberships.update(end=None)
    anna.send("lost/", {"serial": "1"})
    headings["replaced"] = heading_of(url, "ru")
    assert headings == {
        "good": "This cover is in force",
        "other market": "This code is not one of ours",
        "forged": "This code is not one of ours",
        "old": "This code is too old",
        "copied": "checked elsewhere too",
        "ended": "This cover is not in force",
        "replaced": "This card was replaced",
    }


def test_a_cover_that_has_ended_shows_its_card_without_number_or_code(anna: PageHolder) -> None:
    anna.activate()
    number = Card.objects.get().number
    anna.account.person.memberships.update(end=anna.account.profile.today() - timedelta(days=1))
    text = anna.get().content.decode()
    assert "This cover has ended" in text
    assert not shows(text, number)
    assert codes_on(text) == {}
    for one in ("desk/", "pdf/", "lost/"):
        assert anna.get(one)["Location"] == f"/ru/card/{anna.membership.pk}/"
    assert anna.first("offline/").status_code == 404
    assert anna.send("lost/", {"serial": "1"}).status_code == 302
    assert Card.objects.get().revoked_at is None


def test_a_cancelled_policy_says_the_day_of_its_end_and_not_the_one_it_once_had(anna: PageHolder) -> None:
    policy = anna.membership.policy
    policy.end, policy.cancelled_at = timezone.now().date() + timedelta(days=200), timezone.now()
    policy.save()
    facts = dict(anna.get().context["facts"])
    assert str(policy.end.year) not in facts["Valid until"] or policy.end.year == timezone.now().year
    assert str(anna.account.profile.today().day) in facts["Valid until"]


def test_a_cover_that_has_not_begun_says_when_it_does(anna: PageHolder) -> None:
    on_file(ANNA.but(policy_number="ДМС-NEXT", start=20))
    text = anna.get().content.decode()
    assert "This cover starts on" in text
    assert "Activate the card" not in text
    assert anna.send("activate/", {"accept_card": "on"}).status_code == 302
    assert not Card.objects.exists()


def test_of_several_cards_the_one_that_can_be_shown_comes_first_and_the_others_are_one_tap_away(
    anna: PageHolder,
) -> None:
    anna.activate()
    active = anna.membership.pk
    on_file(ANNA.but(policy_number="ДМС-NEXT", start=20))
    answer = anna.first()
    assert answer.context["held"].membership.pk == active
    for membership in anna.account.person.memberships.all():
        assert f'href="/ru/card/{membership.pk}/"' in answer.content.decode()


def test_whoever_has_no_cover_is_told_so(anna: PageHolder) -> None:
    anna.account.person.memberships.all().delete()
    answer = anna.first()
    assert_well_made(answer)
    assert "No card yet" in answer.content.decode()


def test_a_lost_card_is_replaced_after_it_was_told_what_happens(post: Post, anna: PageHolder) -> None:
    text = anna.activate()
    old, number = codes_on(text), Card.objects.get().number
    asked = anna.get("lost/")
    assert_well_made(asked)
    assert shows(asked.content.decode(), number)
    assert Card.objects.count() == 1, "opening the page changes nothing"
    answer = anna.send("lost/", {"serial": "1"})
    assert answer["Location"] == f"/ru/card/{anna.membership.pk}/"
    text = anna.get().content.decode()
    assert "This is your new card" in text
    assert not shows(text, number)
    for url in old.values():
        assert heading_of(url, "ru") == "This card was replaced"
    assert heading_of(codes_on(text)["now"], "ru") == "This cover is in force"
    assert [event.facts["serial"] for event in Event.objects.filter(kind="card.reissued")] == [2]


def test_pressing_the_button_twice_replaces_one_card(anna: PageHolder) -> None:
    anna.activate()
    for serial in ("1", "1", "", "x", "99999999999999999999", "0"):
        assert anna.send("lost/", {"serial": serial}).status_code == 302
    assert Card.objects.count() == 2
    assert Event.objects.filter(kind="card.reissued").count() == 1


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=["rs", "id", "ru"])
def test_the_member_is_told_of_a_replaced_card_in_their_language(post: Post, somebody: Any) -> None:
    holder, subjects = PageHolder(somebody), set()
    holder.activate()
    mail = holder.account.contact("email")
    mail.confirmed_at = timezone.now()
    mail.save()
    languages = profile_of(holder.market).languages
    for serial, language in enumerate(languages, start=1):
        type(holder.account).objects.update(language=language)
        holder.send("lost/", {"serial": str(serial)})
        letter = next(one for one in post.to(somebody.email) if one.template == "card-reissued")
        assert any(link.endswith(f"/{holder.market}/card/") for link in letter.links)
        subjects.add(letter.subject)
        for secret in (Card.objects.get(revoked_at=None).number, somebody.policy_number, somebody.surname):
            assert secret not in letter.text
    assert len(subjects) == len(languages)


def test_whoever_has_no_confirmed_address_is_told_by_sms(post: Post, anna: PageHolder) -> None:
    anna.activate()
    anna.account.contact_points.filter(kind="email").update(confirmed_at=None)
    anna.send("lost/", {"serial": "1"})
    assert post.to(ANNA.mobile)[0].template == "card-reissued"


def test_somebody_who_replaces_a_card_all_day_long_is_asked_to_wait(anna: PageHolder) -> None:
    anna.activate()
    answers = [anna.send("lost/", {"serial": str(serial)}).status_code for serial in range(1, 7)]
    assert answers == [302] * 5 + [429]


def test_after_a_day_the_new_card_is_simply_the_card(anna: PageHolder) -> None:
    anna.activate()
    anna.send("lost/", {"serial": "1"})
    held = flows.reissue(account=anna.account, card_id=str(anna.membership.pk), by=SYSTEM, lost=1)
    assert held.is_new_in_place_of_another
    Card.objects.filter(serial=2).update(issued_at=timezone.now() - timedelta(days=2))
    assert "This is your new card" not in anna.get().content.decode()


def test_the_pdf_is_a_file_of_ones_own(anna: PageHolder) -> None:
    anna.activate()
    answer = anna.get("pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith("attachment")


def test_what_a_phone_keeps_holds_no_form_and_says_as_of_when(anna: PageHolder) -> None:
    anna.activate()
    answer = anna.first("offline/")
    text = answer.content.decode()
    assert_well_made(answer)
    assert "<form" not in text
    assert "As of" in text
    assert set(codes_on(text)) == {"offline"}
    holder = text.partition('data-holder="')[2].partition('"')[0]
    assert answer["X-Keep-Offline"] == holder
    assert answer["X-Keep-For"] == f"/{anna.market}/card/{anna.membership.pk}/"
    assert len(holder) == 16
    assert "X-Keep-Offline" not in anna.get()


def test_whose_page_it_is_stands_on_every_page_as_a_sign_that_says_nothing(post: Post, anna: PageHolder) -> None:
    vera = PageHolder(VERA)
    sign = 'data-holder="'
    pages = [holder.client.get("/ru/more/").content.decode() for holder in (anna, vera)]
    anna_sign, vera_sign = (text.partition(sign)[2].partition('"')[0] for text in pages)
    assert anna_sign != vera_sign
    assert str(anna.account.pk) != anna_sign
    assert f'{sign}"' in Client().get("/ru/").content.decode()
    assert sign not in Client().get("/ru/offline/").content.decode()
    assert sign not in anna.client.get("/ru/offline/").content.decode()


def test_while_the_database_is_away_a_page_does_not_say_that_nobody_is_signed_in(
    anna: PageHolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the phone would delete the kept card exactly when it is needed."""

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(middleware, "holder_of_session", away)
    anna.client.raise_request_exception = False
    answer = anna.client.get("/ru/home/")
    assert answer.status_code == 503
    assert "data-holder" not in answer.content.decode()


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=["rs", "id", "ru"])
def test_every_page_keeps_the_rules_in_every_language(post: Post, somebody: Any) -> None:
    holder = PageHolder(somebody)
    for language in profile_of(holder.market).languages:
        assert_well_made(holder.first(language=language))
    holder.activate()
    page(holder.market, codes_on(holder.get().content.decode())["now"].rpartition("/")[2])
    for language in profile_of(holder.market).languages:
        for answer in (
            holder.first(language=language),
            holder.first("offline/", language=language),
            *(holder.get(one, language=language) for one in PAGES if one != "pdf/"),
        ):
            assert answer.status_code == 200
            assert_well_made(answer)
            assert_guarded(answer)


def test_home_has_the_card_in_one_tap(anna: PageHolder) -> None:
    assert "Activate your card" in anna.client.get("/ru/home/", headers={"accept-language": "en"}).content.decode()
    anna.activate()
    home = anna.client.get("/ru/home/", headers={"accept-language": "en"}).content.decode()
    assert "Show it at the counter" in home
    assert 'data-keep="/ru/card/offline/"' in home
