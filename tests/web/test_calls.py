"""Every text that tells people to call has the number beside it; the number that answers now comes first."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from mypolis.foundation.web.views import error_page
from tests.cast import BUDI, on_file
from tests.clock import coming, stopped_at
from tests.coverage.test_cover_pages import Reader
from tests.doors import PageDoor, boxes
from tests.post import Post
from tests.registration.steps import card_form
from tests.web.test_support import BELGRADE, brand_with

DAY_AND_OFFICE = """
[[support.phones]]
number = "011 222-333"
hours = "Mo-Su 09:00-17:00"

[[support.phones]]
number = "0800 222-333"
hours = "Mo-Su 00:00-24:00"
"""


def buttons(html: str) -> list[str]:
    """Return the `tel:` URLs of a page's call buttons, without the contacts in the footer."""
    return re.findall(r'<a class="button[^"]*" href="(tel:[^"]+)"', html)


def tried(client: Client, **changes: Any) -> str:
    """Return the page after a registration in `id` that matches nobody."""
    answers = boxes(card_form(**changes))
    return client.post("/id/register/group/", {"step": "identity", **answers}).content.decode()


def test_a_match_that_fails_shows_the_number(client: Client, db: None) -> None:
    on_file(BUDI)
    door = PageDoor(client)
    door.start("id", "register", "group")
    page = tried(client, birth_date="1980-01-10")
    assert len(buttons(page.partition('class="errors"')[2].partition("<form")[0])) == 1


def test_an_error_to_correct_on_the_page_shows_none(client: Client, db: None) -> None:
    PageDoor(client).start("id", "register", "group")
    page = tried(client, birth_date="")
    assert 'class="errors"' in page
    assert not buttons(page)


def test_after_too_many_tries_the_notice_shows_the_number(client: Client, db: None) -> None:
    on_file(BUDI)
    PageDoor(client).start("id", "register", "group")
    for day in range(10, 21):
        page = tried(client, birth_date=f"1980-01-{day}")
    assert len(buttons(page.partition('class="notice tone-warn"')[2].partition("<form")[0])) == 1


def test_a_page_that_is_not_open_to_somebody_shows_the_number(rf: RequestFactory, db: None) -> None:
    request = rf.get("/rs/")
    request.market = Client().get("/rs/").wsgi_request.market  # type: ignore[attr-defined]
    assert len(buttons(error_page(request, "403").content.decode())) == 1


def test_a_code_that_is_not_ours_shows_the_number(client: Client, db: None) -> None:
    assert len(buttons(client.get("/rs/v/2345-6789-ABCD").content.decode())) == 1


def test_conditions_that_say_to_ask_first_show_the_number(post: Post, tmp_path: Path, at_noon: datetime) -> None:
    budi = Reader(tmp_path)
    page = budi.client.get(f"{budi.policy}doctor/").content.decode()
    assert len(buttons(page.partition('id="conditions"')[2].partition("</section>")[0])) == 1


def test_a_plan_that_is_not_known_shows_the_number(post: Post, tmp_path: Path, at_noon: datetime) -> None:
    budi = Reader(tmp_path, plan="Unheard of")
    assert len(buttons(budi.client.get(budi.policy).content.decode())) == 1


@pytest.mark.parametrize(("hour", "number"), [(12, "011 222-333"), (20, "0800 222-333")])
def test_the_number_that_answers_now_is_the_one_to_call(tmp_path: Path, hour: int, number: str) -> None:
    support = brand_with(tmp_path, phones=DAY_AND_OFFICE).support
    with stopped_at(coming(hour, zone=BELGRADE)):
        assert support.to_call.number == number


def test_when_nobody_answers_the_first_number_stays(tmp_path: Path) -> None:
    office = DAY_AND_OFFICE.replace("00:00-24:00", "10:00-11:00")
    support = brand_with(tmp_path, phones=office).support
    with stopped_at(coming(22, zone=BELGRADE)):
        assert support.to_call.number == "011 222-333"
