"""Emergency help comes before any answer about cover, on the page and in the API, and is not recorded."""

from pathlib import Path
from typing import Any

import pytest

from mypolis.foundation.events.models import Event
from tests.coverage.test_cover_api import Member
from tests.coverage.test_cover_pages import Reader
from tests.post import Post


@pytest.fixture
def budi(post: Post, tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_the_number_stands_above_the_answers_which_stay(budi: Reader) -> None:
    response = budi.client.post("/id/cover/search/", {"words": "sesak nafas berat, ke dokter mana"})
    page = response.content.decode()
    call, answer, form = page.index('href="tel:119"'), page.index("<article"), page.index('id="ask"')
    assert call < answer < form
    assert "If a life is in danger, call now" in budi.ask("chest pain")


def test_whoever_thinks_of_suicide_is_given_a_person_and_nothing_about_insurance(budi: Reader) -> None:
    page = budi.client.post("/id/cover/search/", {"words": "ingin bunuh diri"}).content.decode()
    assert page.index('href="tel:119,8"') < page.index('href="tel:119"')
    assert "<article" not in page
    assert "tone-bad" not in page


@pytest.mark.usefixtures("at_noon")  # when the support is closed in Jakarta: "open now" is green
def test_a_death_is_answered_with_a_person_and_without_a_meter(budi: Reader) -> None:
    page = budi.client.post("/id/cover/search/", {"words": "suami saya meninggal"}).content.decode()
    assert "We are sorry for your loss" in page
    assert 'href="tel:1500000"' in page
    assert [mark for mark in ("<article", "tone-good", 'class="bars', "tone-bad") if mark in page] == []


def test_a_question_about_cover_has_no_alarm(budi: Reader) -> None:
    assert "call now" not in budi.ask("is childbirth covered")


def test_nothing_of_it_is_kept_or_logged(budi: Reader, capfd: pytest.CaptureFixture[str]) -> None:
    events = Event.objects.count()
    budi.ask("ingin bunuh diri")
    logged = "".join(capfd.readouterr())
    assert Event.objects.count() == events
    assert "cover/search/" in logged
    assert all(word not in logged for word in ("bunuh", "suicide", "crisis"))


def test_the_api_says_it_first_too(post: Post, tmp_path: Path) -> None:
    budi = Member(tmp_path)

    def ask(words: str) -> Any:
        return budi.client.post("/api/v1/id/cover/search", {"words": words}, "application/json").json()

    found = ask("serangan jantung")["emergency"]
    assert (found["kind"], found["lines"][0]["tel"]) == ("emergency", "tel:119")
    assert ask("ingin mati")["emergency"]["kind"] == "crisis"
    grief = ask("my husband died")
    assert (grief["emergency"], grief["bereavement"]["kind"], grief["found"]) == (None, "bereavement", [])
    assert ask("dentist")["emergency"] is None
    numbers = {line["phone"] for line in budi.client.get("/api/v1/id").json()["emergency"]}
    assert {"119", "112", "119 ext. 8"} <= numbers
