"""Dates and times follow the market's time zone on pages, in forms, documents and messages, around midnight too."""

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import market
from mypolis.foundation.notices.rendering import render_email
from mypolis.foundation.web.middleware import MarketAndLanguage
from mypolis.insurance.coverage.documents.policy_documents import Place, add_document
from mypolis.insurance.ecard.models import Letter
from tests.cast import ANNA, BUDI, JELENA, Somebody
from tests.clock import coming, stopped_at
from tests.doors import Door
from tests.ecard.holders import PageHolder
from tests.ecard.test_papers import code_on, words
from tests.post import Post
from tests.registration.steps import card_form, open_form

SOMEBODY = {"rs": JELENA, "id": BUDI, "ru": ANNA}


def after_midnight(code: str) -> datetime:
    """The next half past midnight in a market, when UTC still has the day before."""
    return coming(0, 30, zone=market(code).zone)


def in_words(moment: datetime, zone: tzinfo) -> str:
    with translation.override("en"):
        return date_format(moment.astimezone(zone), "DATE_FORMAT")


def policy_page(holder: PageHolder) -> str:
    address = reverse("cover-policy", args=[holder.market, holder.membership.pk])
    return str(holder.client.get(address, headers={"accept-language": "en"}).content.decode())


def with_papers(post: Post, somebody: Somebody, folder: Path) -> PageHolder:
    """A member who just now got a letter and a document."""
    holder = PageHolder(somebody)
    paper = folder / "rules.pdf"
    paper.write_bytes(b"%PDF-1.7\n%%EOF")
    policy = holder.membership.policy
    place = Place(policy_number=policy.number, policy_type=policy.type)
    add_document(market=holder.market, place=place, kind="rules", path=paper, name="", by=SYSTEM)
    address = reverse("letter-write", args=[holder.market, holder.membership.pk])
    assert holder.client.post(address, {"language": "en"}).status_code == 302
    return holder


@pytest.mark.parametrize("hours", [0, -1], ids=["after midnight", "before midnight"])
@pytest.mark.parametrize("code", SOMEBODY)
def test_letters_and_documents_bear_the_markets_day(
    post: Post, folder: Path, tmp_path: Path, code: str, hours: int
) -> None:
    moment = after_midnight(code) + timedelta(hours=hours)
    with stopped_at(moment):
        holder = with_papers(post, SOMEBODY[code], tmp_path)
        listed = policy_page(holder)
        address = reverse("letter", args=[code, Letter.objects.get().pk])
        pdf = b"".join(holder.client.get(address))
        check = Client().get(f"/{code}/l/{code_on(pdf)}", headers={"accept-language": "en"}).content.decode()
    day = in_words(moment, market(code).zone)
    assert listed.count(day) >= 2, "of the letter and of the document"
    assert day in words(pdf)
    assert day in check


@pytest.mark.parametrize("code", SOMEBODY)
def test_every_view_of_a_market_works_in_its_zone_and_leaves_nothing_behind(code: str) -> None:
    seen = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    for path in (f"/{code}/home/", f"/api/v1/{code}/me", "/healthz"):
        MarketAndLanguage(view)(RequestFactory().get(path))
    assert seen == [market(code).time_zone, market(code).time_zone, "UTC"]
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize("code", ["id", "ru"])
def test_a_birth_date_may_be_the_markets_today_and_not_its_tomorrow(door: Door, post: Post, code: str) -> None:
    form = card_form if code == "id" else open_form
    moment = after_midnight(code)
    today = moment.astimezone(market(code).zone).date()
    with stopped_at(moment):
        door.start(code, "register", "group" if code == "id" else "open")
        born_today = door.answer("identity", **form(birth_date=today.isoformat()))
        born_tomorrow = door.answer("identity", **form(birth_date=(today + timedelta(days=1)).isoformat()))
    assert born_today.errors == {("", "no_match")}
    assert {field for field, _code in born_tomorrow.errors} == {"birth_date"}


@pytest.mark.parametrize("code", SOMEBODY)
def test_messages_tell_the_markets_time(code: str) -> None:
    moment = after_midnight(code)
    context: dict[str, Any] = {
        "when": moment.isoformat(timespec="minutes"),
        "client": "Firefox",
        "place": "",
        "account_url": "https://x.test",
    }
    letter = render_email(code, "en", "new-device", context)
    assert in_words(moment, market(code).zone) in letter.text
    assert in_words(moment, UTC) not in letter.text
