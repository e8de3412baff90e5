"""Colleagues save the filters of a list: only choices from lists, only their own."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.staff.lists.saved.flows import MOST, TooMany, save_filter
from mypolis.foundation.staff.lists.saved.links import query_of, read_ticket
from mypolis.foundation.staff.models import SavedFilter, StaffAccount
from mypolis.foundation.staff.team.filters import ColleagueFilters
from tests.journeys.test_races import at_once
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db

LIST = "/desk/rs/team/"
SAVE = "/desk/rs/saved-filters/"


@pytest.fixture
def ana() -> Colleague:
    """An administrator."""
    return colleague("Ana", "administrator")


def ticket(browser: Client, query: str) -> str:
    """What the form on the list with these filters carries; "" without a form."""
    found = re.search(r'name="ticket" value="([^"]+)"', browser.get(f"{LIST}?{query}").content.decode())
    return found[1] if found else ""


def saved(one: Colleague, name: str = "agents", query: str = "role=agent") -> SavedFilter:
    """A saved filter of the list of colleagues."""
    return save_filter(account=one.account, market="rs", path=LIST, query=query, name=name, by=one.actor)


@pytest.mark.parametrize("sent", ["", "x", "WyIvIiwgIiJd:1x:AAAA"])
def test_filters_that_no_list_offered_are_not_saved(ana: Colleague, sent: str) -> None:
    assert at_desk(ana).post(SAVE, {"ticket": sent, "name": "mine"}).status_code == 404
    assert read_ticket(sent) is None
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("query", ["", "role=king", "state=joined&role=king", "name=Jelena", "after=x"])
def test_what_is_no_choice_of_the_list_cannot_be_saved(ana: Colleague, query: str) -> None:
    assert ticket(at_desk(ana), query) == ""


@given(role=st.text(max_size=20), state=st.text(max_size=20), other=st.text(max_size=20))
def test_a_query_holds_only_known_choices(role: str, state: str, other: str) -> None:
    filters = ColleagueFilters({"role": role, "state": state, "q": other}, StaffAccount.objects.none(), market="rs")
    assert re.fullmatch(r"(role=[a-z-]+)?&?(state=[a-z]+)?", query_of(filters.form))


@pytest.mark.parametrize("name", ["", "x" * 41, "a\u202eb"])
def test_a_bad_name_saves_nothing(ana: Colleague, name: str) -> None:
    browser = at_desk(ana)
    answer = browser.post(SAVE, {"ticket": ticket(browser, "role=agent"), "name": name})
    assert answer["Location"] == f"{LIST}?role=agent"
    assert not SavedFilter.objects.exists()


def test_no_more_than_ten_for_a_list(ana: Colleague) -> None:
    for number in range(MOST):
        saved(ana, f"filter {number}")
    with pytest.raises(TooMany):
        saved(ana, "one more")
    browser = at_desk(ana)
    answer = browser.post(SAVE, {"ticket": ticket(browser, "role=editor"), "name": "one more"})
    assert answer["Location"].endswith("saved=full")
    assert saved(ana, "filter 1", query="state=closed").query == "state=closed", "the same name replaces"


def test_filters_that_are_saved_already_are_not_offered_again(ana: Colleague) -> None:
    saved(ana)
    browser = at_desk(ana)
    assert ticket(browser, "role=agent") == ""
    assert ticket(browser, "role=agent&state=joined") != ""


def test_nobody_sees_or_forgets_a_filter_of_somebody_else(ana: Colleague) -> None:
    mine = saved(ana, "my agents")
    other = at_desk(colleague("Olga", "administrator"))
    assert "my agents" not in other.get(LIST).content.decode()
    assert other.post(f"{SAVE}{mine.pk}/forget/").status_code == 404
    assert SavedFilter.objects.get() == mine


def test_a_filter_is_saved_opened_and_forgotten(ana: Colleague) -> None:
    colleague("Vesna", "assessor")
    browser = at_desk(ana)
    sent = {"ticket": ticket(browser, "role=assessor&after=x"), "name": "<b>assessors</b>"}
    assert browser.post(SAVE, sent)["Location"] == f"{LIST}?role=assessor"
    page = browser.get(LIST).content.decode()
    assert f'href="{LIST}?role=assessor"' in page
    assert "&lt;b&gt;assessors&lt;/b&gt;" in page
    filtered = browser.get(f"{LIST}?role=assessor").content.decode()
    assert "vesna@insurer.example" in filtered
    assert "ana@insurer.example" not in filtered
    browser.post(f"{SAVE}{SavedFilter.objects.get().pk}/forget/")
    assert not SavedFilter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_do_not_pass_the_limit_together(ana: Colleague) -> None:
    for number in range(MOST - 1):
        saved(ana, f"filter {number}")

    def save(name: str) -> None:
        try:
            saved(ana, name)
        except TooMany:
            return

    at_once(lambda: save("left"), lambda: save("right"))
    assert SavedFilter.objects.count() == MOST
