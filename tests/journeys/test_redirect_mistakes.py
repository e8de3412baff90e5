"""A step at another site whose `fetch` or `check` meets what its author did not expect."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from mypolis.foundation.guards.flows import TOO_MANY, spend
from mypolis.foundation.guards.limits import Limit
from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.models import Visit
from mypolis.foundation.journeys.redirects.redirect_steps import AWAY, RedirectStep
from tests.journeys.toy_site import App, Browser, ToySite, at_site, fetching, offering, stepping, toy


def test_who_went_back_and_answers_otherwise_goes_to_the_site_again(site: ToySite) -> None:
    anna = Browser()
    back = site.visit(anna.leave())
    anna.client.post("/rs/toy/", {"back": "identity"})
    anna.answer("identity", surname="Jovanović")
    anna.come_back(back)
    assert (anna.is_still_there, site.asked) == (True, 0)
    assert Visit.objects.get().keeps is None
    anna.come_back(site.visit(anna.leave_again()))
    assert anna.is_past_it


@pytest.mark.parametrize("answer", [KeyError("code"), UnicodeEncodeError("utf-8", "\ud800", 0, 1, "no surrogates"), []])
def test_what_fetch_did_not_expect_is_no_error_page(site: ToySite, answer: Any) -> None:
    anna, app = Browser(), App()
    back, query = site.visit(anna.leave()), at_site(site, app.leave())
    with fetching(site, answer):
        assert str(AWAY) in anna.come_back(back)
        assert app.come_back(query).status == 422
    assert str(AWAY) in anna.page()


def test_a_limit_that_check_meets_is_named_on_the_page_of_the_step(site: ToySite) -> None:
    anna, app = Browser(), App()
    back, query = site.visit(anna.leave()), at_site(site, app.leave())
    with stepping(site, check=spend_too_much):
        assert str(TOO_MANY) in anna.come_back(back)
        assert app.come_back(query).status == 429
    assert str(TOO_MANY) in anna.page()
    anna.come_back(site.visit(anna.leave_again()))
    assert anna.is_past_it


def test_of_two_steps_with_one_name_the_open_one_is_asked(site: ToySite) -> None:
    definition = toy(site)
    identity, elsewhere, last = definition.steps
    assert isinstance(elsewhere, RedirectStep)
    other = replace(elsewhere, asked=lambda _answers: False, fetch=lambda _arrival: {})
    with offering(replace(definition, steps=(identity, other, elsewhere, last))):
        anna = Browser()
        anna.come_back(site.visit(anna.leave()))
        assert anna.is_past_it


def spend_too_much(walk: Any, _found: Any) -> Any:
    spend(Limit(name="toy", most=0, window=timedelta(hours=1)), "toy", market=walk.journey.market)


def test_who_comes_back_to_a_journey_that_is_no_longer_offered_meets_no_error(site: ToySite, settings: Any) -> None:
    anna = Browser()
    back = site.visit(anna.leave())
    settings.ROOT_URLCONF = "mypolis.urls"
    with patch.object(registry, "definitions", dict):
        shown = anna.client.get(back)
    assert (shown.status_code, "Go on where you began" in shown.content.decode()) == (200, True)
