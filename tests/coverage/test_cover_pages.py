"""A member's own cover on pages, in words and numbers. Nothing of anybody else is shown."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

from mypolis.foundation.events.models import Event
from mypolis.insurance.coverage.models import FeedLoad
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership
from tests.cast import ANNA, BUDI, on_file
from tests.clock import TODAY
from tests.coverage.books import GOLD, HEALTH, loaded, text
from tests.coverage.members import insured, reserved, used
from tests.doors import PageDoor
from tests.house.pages.test_pages import assert_guarded, assert_well_made
from tests.members import enrol
from tests.post import Post
from tests.test_query_counts import asked

pytestmark = pytest.mark.usefixtures("at_noon")


class Reader:
    """A signed-in member of the Indonesian market with a plan, who reads pages in English."""

    def __init__(self, folder: Path, *changes: Any, plan: str = "Gold") -> None:
        loaded(folder, *changes)
        on_file(BUDI)
        self.client = Client(headers={"Accept-Language": "en"})
        enrol(PageDoor(self.client), BUDI)
        self.membership = Membership.objects.select_related("policy", "person").get()
        self.membership.plan = plan
        self.membership.save()

    @property
    def policy(self) -> str:
        return f"/id/cover/{self.membership.pk}/"

    def read(self, address: str, status: int = 200) -> str:
        """The text of a page, without markup."""
        response = self.client.get(address)
        assert response.status_code == status
        assert_well_made(response)
        assert_guarded(response)
        assert response["Cache-Control"] == "no-store"
        return words_of(response)

    def ask(self, question: str, status: int = 200) -> str:
        response = self.client.post("/id/cover/search/", {"words": question})
        assert response.status_code == status
        assert_well_made(response)
        return words_of(response)


def words_of(response: Any) -> str:
    """The text between the tags, with single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).replace("\u00a0", " ").split())


@pytest.fixture
def budi(post: Post, tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_a_stranger_is_led_to_sign_in(client: Client, db: None) -> None:
    for address in ("/id/cover/", "/id/cover/search/", "/id/cover/1/", "/id/cover/1/doctor/"):
        assert client.get(address)["Location"] == "/id/signin/"


def test_what_is_not_the_members_own_is_not_found_whatever_the_reason(budi: Reader) -> None:
    other, foreign = insured("Siti"), on_file(ANNA).memberships.get()
    pages = [
        budi.client.get(f"/id/cover/{policy}/{rest}")
        for policy in (other.pk, foreign.pk, 0, "x", "9" * 30, "١", "-1", f"{budi.membership.pk}x")
        for rest in ("", "doctor/", "documents/5f0c0b46-96b6-4f3a-9d2b-6b4f7f1f8e11/")
    ]
    pages += [budi.client.get(f"{budi.policy}{benefit}/") for benefit in ("spa", "💩", "doctor%00")]
    assert {page.status_code for page in pages} == {404}
    assert len({words_of(page) for page in pages}) == 1


def test_policies_stand_by_what_they_are_today(budi: Reader) -> None:
    on_file(BUDI.but(policy_number="GRP-OLD", start=-300, end=-20))
    on_file(BUDI.but(policy_number="GRP-NEXT", start=20))
    page = budi.read("/id/cover/")
    order = [
        page.index(words) for words in ("In force today", "GRP-88", "Not started yet", "GRP-NEXT", "Ended", "GRP-OLD")
    ]
    assert order == sorted(order)


def test_a_member_without_a_policy_in_force_is_told_so(budi: Reader) -> None:
    Membership.objects.update(start=TODAY - timedelta(days=90), end=TODAY - timedelta(days=5))
    assert "You have no cover today" in budi.read("/id/cover/")
    assert "No longer covered" in budi.read(f"{budi.policy}doctor/")


def test_a_policy_shows_its_benefits_by_what_they_are_about_with_what_is_left(budi: Reader) -> None:
    used(budi.membership, "drugs", 250, day=TODAY)
    page = budi.read(budi.policy)
    for words in ("At the doctor", "In hospital", "Teeth and eyes", "Drugs", "IDR 350 left", "GRP-88", "A good plan."):
        assert words in page


def test_a_benefit_tells_in_words_what_its_bars_draw(budi: Reader) -> None:
    used(budi.membership, "drugs", 250, day=TODAY)
    reserved(budi.membership, "doctor", 150, day=TODAY, visit="V1")
    page = budi.read(f"{budi.policy}doctor/")
    assert "You are covered Limit: IDR 200 for each visit. Left of IDR 1,000 a year: IDR 600." in page
    assert "IDR 600 left" in page
    assert "Used: IDR 250 · Set aside: IDR 150 · Limit: IDR 1,000" in page
    assert "One limit shared by: Doctor, Drugs." in page
    assert f"Counted from 1 January {TODAY.year} to 31 December {TODAY.year}." in page
    assert "IDR 200 for each visit" in page
    assert "If you pay a clinic outside the network, we pay back 80% of the bill, up to the limits." in page
    assert "Call us." in page
    assert "Receipt" in page
    assert "Inner. Few clinics." in page


def test_bars_never_draw_more_than_there_is(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path, ((*GOLD, "benefits", "drugs", "limits", 0, "amount"), 0))
    page = budi.client.get(f"{budi.policy}drugs/").content.decode()
    assert "Nothing left" in page
    assert 'width="100%"' in page


def test_a_limit_that_is_used_up_says_so(budi: Reader) -> None:
    used(budi.membership, "drugs", 600, day=TODAY)
    assert "Used up" in budi.read(budi.policy)
    assert "Covered, but nothing is left" in budi.read(f"{budi.policy}drugs/")


def test_a_waiting_period_says_from_when_on_the_benefit_pays(budi: Reader) -> None:
    Membership.objects.update(start=TODAY - timedelta(days=10))
    page = budi.read(f"{budi.policy}birth/")
    assert "Covered from" in page
    assert "280 days from your first day." in page
    Membership.objects.update(start=TODAY - timedelta(days=300))
    assert "It has passed, so you can use this benefit." in budi.read(f"{budi.policy}birth/")


def test_what_the_member_pays_and_what_the_family_shares_is_told(budi: Reader) -> None:
    page = budi.read(f"{budi.policy}teeth/")
    assert "20% of each bill, but never more than IDR 50 a bill." in page
    assert "Your whole family uses it together." in page


def test_a_policy_whose_plan_no_book_knows_tells_whom_to_ask(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path, plan="Diamond")
    assert "Please ask us what you are covered for." in budi.read(budi.policy)


def test_numbers_are_as_of_the_core_systems_last_word(budi: Reader) -> None:
    FeedLoad.objects.create(market="id", as_of="2026-01-05T06:00:00Z", rows=0, taken=0, repeated=0, refused=0)
    assert "As of 05/01/2026, 13:00." in budi.read(budi.policy)


def test_home_shows_the_limits_of_which_the_most_is_used_first(budi: Reader) -> None:
    used(budi.membership, "drugs", 400, day=TODAY)
    page = budi.read("/id/home/")
    assert page.index("Drugs IDR 200 left") < page.index("Doctor, Drugs IDR 600 left")


def test_the_database_is_asked_the_same_for_one_policy_and_a_short_ledger_as_for_many(budi: Reader) -> None:
    Membership.objects.update(employee_number="E1")
    addresses = ("/id/home/", "/id/cover/", budi.policy, f"{budi.policy}doctor/")

    def counts() -> list[int]:
        found = []
        for address in addresses:
            with asked() as statements:
                assert budi.client.get(address).status_code == 200
            found.append(len(statements))
        with asked() as statements:
            assert budi.client.post("/id/cover/search/", {"words": "teeth"}).status_code == 200
        return [*found, len(statements)]

    budi.ask("teeth")  # the index is made once
    few = counts()
    assert few == [16, 8, 11, 9, 9]
    for number in range(20):
        on_file(BUDI.but(policy_number=f"GRP-{number}", start=-number - 1))
    Membership.objects.update(plan="Gold", employee_number="E1")
    for number in range(50):
        used(budi.membership, "drugs", 1, day=TODAY - timedelta(days=number))
    assert counts() == few


def test_a_question_gets_a_plain_answer(budi: Reader) -> None:
    assert "You are covered Left: IDR 300. Limit: IDR 300 a year. Teeth" in budi.ask("toothache")
    assert "You are covered" in budi.ask("my tooht hurts")


def test_a_question_for_what_only_another_plan_gives_is_answered_so(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path, plan="Bare")
    assert "Not in your plan Your policies do not include it. It comes with Health: Gold." in budi.ask("toothache")


def test_what_a_benefit_leaves_out_is_not_covered(post: Post, tmp_path: Path) -> None:
    teeth = (*HEALTH, "benefits", "teeth")
    left_out = {"en": ["braces"], "id": ["behel"]}
    budi = Reader(tmp_path, ((*teeth, "excluded_words"), left_out), ((*teeth, "exclusions"), text("No braces.")))
    assert "Not covered: braces No braces." in budi.ask("do you pay for braces?")
    assert "Not covered" in budi.ask("behel")


def test_words_that_say_nothing_get_what_to_do_and_an_empty_question_too(budi: Reader) -> None:
    assert "No results" in budi.ask("xqzw quantum")
    assert "No results" in budi.ask("am I covered for")
    assert "There is a problem" in budi.ask("  ", status=422)
    assert "There is a problem" in budi.ask("tooth " * 50, status=422)


def test_a_change_of_language_keeps_the_question_and_answers_it(budi: Reader) -> None:
    response = budi.client.post("/id/cover/search/", {"words": "toothache", "switch_language": "id"})
    assert_well_made(response)
    assert (response.status_code, response["Content-Language"]) == (200, "id")
    assert 'value="toothache"' in response.content.decode()
    assert "Pertanyaan Anda: toothache" in words_of(response)
    assert response.cookies["language-id"].value == Account.objects.get().language == "id"
    assert "Pertanyaan Anda" not in words_of(budi.client.get("/id/cover/search/")), "and it is kept nowhere"


@pytest.mark.parametrize(("language", "spoken"), [("id", "id"), ("en", "en"), ("ru", "en"), ("x" * 500, "en")])
def test_a_change_of_language_without_a_question_asks_nothing(budi: Reader, language: str, spoken: str) -> None:
    response = budi.client.post("/id/cover/search/", {"words": " ", "switch_language": language})
    assert (response.status_code, response["Content-Language"]) == (200, spoken), "one of the market's, or none"
    assert "errors" not in response.content.decode()


@pytest.mark.parametrize("question", ["<i>tooth</i>", "tooth'; drop table", "💩", "\u202etooth", "١١٢", "a" * 120])
def test_odd_questions_are_answered_like_others(budi: Reader, question: str) -> None:
    response = budi.client.post("/id/cover/search/", {"words": question})
    assert response.status_code in (200, 422)
    assert_well_made(response)
    assert "<i>tooth" not in response.content.decode()


def test_a_question_stands_in_no_log_and_no_event(budi: Reader, capfd: pytest.CaptureFixture[str]) -> None:
    before = Event.objects.count()
    for words in ("toothache", "quxotic-illness"):
        budi.ask(words)
    captured = capfd.readouterr()
    assert "cover/search" in captured.err
    assert not [word for word in ("toothache", "quxotic") if word in captured.err + captured.out]
    assert Event.objects.count() == before


def test_home_names_each_benefit_once_by_the_limit_of_which_the_most_is_used(post: Post, tmp_path: Path) -> None:
    limits = [{"amount": 600, "per": "year"}, {"count": 2, "unit": "item", "per": "year"}]
    budi = Reader(tmp_path, ((*GOLD, "benefits", "drugs", "limits"), limits))
    used(budi.membership, "drugs", 60, day=TODAY, count=2)
    page = budi.read("/id/home/")
    assert "Drugs Nothing left" in page
    assert "Drugs IDR 540 left" not in page


@pytest.mark.parametrize("language", ["sr-latn", "sr-cyrl", "ru"])
def test_a_date_that_ends_with_a_dot_gets_no_second_one(language: str) -> None:
    with translation.override(language):
        day = date_format(date(2026, 12, 31), "DATE_FORMAT")
        sentences = [
            translation.gettext("Counted from %(first)s to %(last)s.") % {"first": day, "last": day},
            translation.gettext("The waiting period of this benefit is not over. It pays from %(day)s.") % {"day": day},
            translation.gettext("This policy ended on %(day)s. You can still claim for treatment before that day.")
            % {"day": day},
        ]
    assert day.endswith(".")
    assert not [sentence for sentence in sentences if ".." in sentence]
