"""A step at another site: what people and sites do wrong first, then how it should go."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from django.db import connection, connections, transaction
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.journeys.findings import lint_definition
from mypolis.foundation.journeys.jobs import purge
from mypolis.foundation.journeys.models import Journey, Visit
from mypolis.foundation.journeys.redirects.redirect_steps import AWAY, DECLINED, LATE, UNFINISHED, RedirectStep
from mypolis.foundation.markets import market
from tests.journeys.test_races import at_once
from tests.journeys.toy_site import App, Browser, ToySite, at_site, fetching, offering, toy

GREETED = {"result": {"next": "signin"}, "title": "Hello Јелена Petrović"}
ELSEWHERE = "Go on where you began"


def test_on_another_device_nobody_gets_the_journey_and_nothing_is_used_up(site: ToySite) -> None:
    anna, thief = Browser(), Browser()
    back = site.visit(anna.leave())
    shown = thief.client.get(back)
    assert (shown.status_code, ELSEWHERE in shown.content.decode()) == (200, True)
    assert (site.asked, thief.is_past_it, anna.is_still_there) == (0, False, True)
    anna.come_back(back)
    assert anna.is_past_it


def test_who_sends_somebody_there_gets_nothing_of_what_they_confirm(site: ToySite) -> None:
    thief, victim = Browser(), Browser()
    victim.leave()
    assert ELSEWHERE in victim.come_back(site.visit(thief.leave()))
    assert site.asked == 0
    assert thief.is_still_there
    assert victim.is_still_there


def test_an_app_gets_nothing_with_the_state_of_another_journey(site: ToySite) -> None:
    anna, thief = App(), App()
    thief.leave()
    query = at_site(site, anna.leave())
    assert thief.come_back(query).status == 404
    assert site.asked == 0
    assert anna.come_back(query).step == "thanks"


@pytest.mark.parametrize("query", ["", "?state=", "?state=made-up&code=1", "?error=access_denied", "?state=a&state=b"])
def test_a_state_that_was_never_given_leads_nowhere(site: ToySite, query: str) -> None:
    anna = Browser()
    anna.leave()
    shown = anna.client.get(f"/rs/return/{query}")
    assert (shown.status_code, ELSEWHERE in shown.content.decode()) == (200, True)
    assert anna.is_still_there


def test_a_state_is_good_in_its_market_only(site: ToySite) -> None:
    anna = Browser()
    back = site.visit(anna.leave())
    assert anna.client.get(back.replace("/rs/", "/id/")).status_code == 200
    assert site.asked == 0


@pytest.mark.parametrize("method", ["head", "post", "options"])
def test_only_a_get_comes_back(site: ToySite, method: str) -> None:
    anna = Browser()
    back = site.visit(anna.leave())
    assert getattr(anna.client, method)(back).status_code == 405
    anna.come_back(back)
    assert anna.is_past_it


def test_who_declines_there_keeps_all_answers_and_may_go_again(site: ToySite) -> None:
    anna = Browser()
    assert str(DECLINED) in anna.come_back(site.visit(anna.leave(), confirm=False))
    assert str(DECLINED) in anna.page()
    assert site.asked == 0
    assert str(DECLINED) not in anna.come_back(site.visit(anna.leave_again()))
    anna.answer("thanks")
    assert Journey.objects.get().result["title"] == GREETED["title"]


@pytest.mark.parametrize("mood", ["close", "broken"])
def test_a_site_that_fails_is_reported_in_our_words_and_the_step_stays_open(site: ToySite, mood: Any) -> None:
    site.moods.append(mood)
    anna = Browser()
    assert str(AWAY) in anna.come_back(site.visit(anna.leave()))
    anna.come_back(site.visit(anna.leave_again()))
    assert anna.is_past_it


def test_an_app_is_told_why_nothing_came_of_it(site: ToySite) -> None:
    anna = App()
    reply = anna.come_back(at_site(site, anna.leave(), confirm=False))
    assert (reply.status, reply.errors, reply.step) == (422, {("", "declined")}, "elsewhere")
    assert anna.door.document["step"]["redirect_url"] is None


def test_what_the_site_says_may_still_not_do(site: ToySite) -> None:
    site.names = {}
    anna = Browser()
    assert "Please confirm your account there first." in anna.come_back(site.visit(anna.leave()))
    assert anna.is_still_there


def test_who_comes_back_too_late_goes_again_and_the_site_is_not_asked(site: ToySite) -> None:
    anna = Browser()
    back = site.visit(anna.leave())
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert str(LATE) in anna.come_back(back)
        assert site.asked == 0
        anna.come_back(site.visit(anna.leave_again()))
        assert anna.is_past_it


def test_who_comes_back_after_the_journey_starts_again(site: ToySite) -> None:
    anna = Browser()
    back = site.visit(anna.leave())
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert "start again" in anna.come_back(back)
    assert site.asked == 0


def test_who_comes_back_twice_is_asked_about_once(site: ToySite) -> None:
    anna = Browser()
    back = site.visit(anna.leave())
    first, second = anna.come_back(back), anna.come_back(back)
    assert 'value="thanks"' in first
    assert 'value="thanks"' in second
    assert site.asked == 1


def test_an_app_that_hands_in_the_same_again_is_told_so(site: ToySite) -> None:
    anna = App()
    query = at_site(site, anna.leave())
    assert anna.come_back(query).step == "thanks"
    assert anna.come_back(query).status == 409


def test_who_leaves_twice_comes_back_from_the_second_visit(site: ToySite) -> None:
    anna = Browser()
    first = site.visit(anna.leave())
    second = site.visit(anna.leave_again())
    anna.come_back(first)
    assert (anna.is_still_there, site.asked) == (True, 0)
    anna.come_back(second)
    assert anna.is_past_it


def test_the_same_button_may_be_pressed_again_after_going_back_in_the_browser(site: ToySite) -> None:
    anna = Browser()
    anna.answer("identity", surname="Petrović")
    pressed = {"step": "elsewhere", "form": "a" * 43}
    answers = [anna.client.post("/rs/toy/", pressed) for _time in range(2)]
    assert [answer["Location"].startswith(site.origin) for answer in answers] == [True, True]


def test_who_never_comes_back_leaves_no_secret_behind(site: ToySite) -> None:
    Browser().leave()
    assert Visit.objects.get().keeps
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        purge(0)
        assert Visit.objects.get().keeps is None
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        purge(0)
    assert not Visit.objects.exists()


def test_a_journey_that_went_back_meanwhile_drops_what_comes(site: ToySite) -> None:
    anna = Browser()
    back = site.visit(anna.leave())
    anna.client.post("/rs/toy/", {"back": "identity"})
    assert 'value="identity"' in anna.come_back(back)


def test_a_way_out_to_another_site_than_declared_is_a_mistake_of_ours(site: ToySite) -> None:
    definition = toy(site)
    _identity, elsewhere, _last = definition.steps
    assert isinstance(elsewhere, RedirectStep)
    steps = (definition.steps[0], replace(elsewhere, sites=lambda: ("https://other.example",)))
    with offering(replace(definition, steps=steps)), pytest.raises(ValueError, match="not one of its sites"):
        Browser().leave()


def test_check_finds_a_site_with_a_path_and_a_form_with_fields(site: ToySite) -> None:
    definition = toy(site)
    identity, elsewhere, _last = definition.steps
    assert isinstance(elsewhere, RedirectStep)
    wrong = replace(elsewhere, form=identity.form, sites=lambda: ("https://site.example/", "site.example"))
    found = "\n".join(lint_definition(replace(definition, steps=(wrong,)), market("rs")))
    assert "'https://site.example/' is not an origin" in found
    assert "'site.example' is not an origin" in found
    assert "must have no fields" in found


def test_the_state_is_kept_hashed_and_what_is_kept_for_the_return_encrypted(site: ToySite) -> None:
    address = httpx.URL(Browser().leave())
    with connection.cursor() as cursor:
        cursor.execute("SELECT visit::text, keeps FROM journeys_visit visit")
        row, keeps = cursor.fetchone()
    secrets = [address.params["state"], address.params["verifier_name"]]
    assert not [secret for secret in secrets if secret in row or secret.encode() in bytes(keeps)]
    assert not Event.objects.filter(facts__icontains=secrets[0]).exists()


def test_only_the_page_of_the_step_lets_its_form_lead_there(site: ToySite) -> None:
    anna = Browser()
    anna.answer("identity", surname="Petrović")
    assert f"form-action 'self' {site.origin}" in anna.client.get("/rs/toy/")["Content-Security-Policy"]
    assert site.origin not in Browser().client.get("/rs/toy/")["Content-Security-Policy"]


def test_a_look_leads_nowhere_and_uses_nothing_up(site: ToySite) -> None:
    anna = App()
    query = at_site(site, anna.leave())
    anna.door.look()
    assert anna.door.document["step"]["redirect_url"] is None
    assert anna.come_back(query).step == "thanks"


def test_a_person_goes_there_comes_back_and_goes_on(site: ToySite) -> None:
    anna = Browser()
    shown = anna.come_back(site.visit(anna.leave()))
    assert 'value="thanks"' in shown
    kinds = Event.objects.filter(kind__startswith="journey.").order_by("pk").values_list("kind", flat=True)
    assert [kind.removeprefix("journey.") for kind in kinds] == ["started", "answered", "left", "returned", "answered"]


def test_a_journey_may_end_with_what_came_from_there(site: ToySite) -> None:
    with offering(toy(site, ends_there=True)):
        anna, app = Browser(), App()
        assert GREETED["title"] in anna.come_back(site.visit(anna.leave()))
        assert app.come_back(at_site(site, app.leave())).result == GREETED["result"]


@pytest.mark.django_db(transaction=True)
class TestWhileTheSiteThinks:
    """Each with connections of its own, as in two processes."""

    def test_no_row_is_locked_and_others_may_go_on(self, site: ToySite) -> None:
        site.moods.append("slow")
        anna = Browser()
        back = site.visit(anna.leave())
        with ThreadPoolExecutor(1) as pool:
            coming = pool.submit(_in_thread, lambda: anna.client.get(back))
            assert site.arrived.wait(20)
            with transaction.atomic():
                assert Journey.objects.select_for_update(nowait=True).count() == 1
                assert Visit.objects.select_for_update(nowait=True).count() == 1
            assert _open_transactions() == 0
            site.finish.set()
            assert coming.result(60).status_code == 302
        assert anna.is_past_it

    def test_who_left_again_meanwhile_answers_with_the_second_visit_alone(self, site: ToySite) -> None:
        site.moods.append("slow")
        anna = Browser()
        first = site.visit(anna.leave())
        with ThreadPoolExecutor(1) as pool:
            coming = pool.submit(_in_thread, lambda: anna.client.get(first))
            assert site.arrived.wait(20)
            second = site.visit(anna.leave_again())
            site.finish.set()
            coming.result(60)
        assert anna.is_still_there
        anna.come_back(second)
        assert anna.is_past_it

    def test_two_returns_at_once_ask_the_site_once(self, site: ToySite) -> None:
        anna = App()
        query = at_site(site, anna.leave())
        other = App()
        other.door.token = anna.door.token
        replies = at_once(lambda: anna.come_back(query), lambda: other.come_back(query))
        assert sorted(reply.status for reply in replies) == [200, 409]
        assert site.asked == 1

    def test_a_server_that_dies_meanwhile_leaves_a_step_that_says_so(self, site: ToySite) -> None:
        anna = Browser()
        back = site.visit(anna.leave())
        with pytest.raises(SystemExit), fetching(site, SystemExit(9)):
            anna.client.get(back)
        assert str(UNFINISHED) not in anna.page()
        with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
            assert str(UNFINISHED) in anna.page()
            assert str(UNFINISHED) in anna.come_back(back)
            anna.come_back(site.visit(anna.leave_again()))
            assert anna.is_past_it


def _in_thread(task: Any) -> Any:
    try:
        return task()
    finally:
        connections.close_all()


def _open_transactions() -> int:
    """Other connections of this database that hold a transaction open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'"
        )
        return int(cursor.fetchone()[0])
