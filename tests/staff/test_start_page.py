"""The desk's start page: figures of the whole portal for those who run it, cheap and without anybody's data."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.recent import count_by_day, count_since
from mypolis.foundation.guards.jobs import purge
from mypolis.foundation.guards.models import Refusals
from mypolis.foundation.guards.refusals import refusals_today
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.notices.desk_card import messages_at_desk
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.flows import send
from mypolis.foundation.notices.models import Message
from mypolis.foundation.web.monitoring.desk_card import jobs_at_desk
from mypolis.membership.accounts.event_kinds import AccountEvent
from tests.cast import JELENA
from tests.staff.world import at_desk, colleague

pytestmark = pytest.mark.django_db

CARDS = ("messages-card", "jobs-card", "limits-card", "registrations-card")
MOST_STATEMENTS = 15
NOBODY = HttpRequest()  # these cards do not ask who looks


def page_of(*roles: Any) -> str:
    """The start page of Serbia's desk for somebody with these roles."""
    return at_desk(colleague("Olga", *roles)).get("/desk/rs/").content.decode()


def refuse_somebody(*, times: int = 1) -> None:
    """Let strangers try passwords at the desk until a limit refuses them."""
    for _time in range(10 + times):
        Client().post("/desk/signin/", {"email": "nobody@insurer.example", "password": "guess"})


def old_event(kind: Any, *, at: datetime, market: str = "rs") -> None:
    """An event of an earlier time."""
    with time_machine.travel(at, tick=False):
        record(kind, market=market, by=SYSTEM)


@pytest.mark.parametrize("role", ["agent", "assessor", "editor", "auditor"])
def test_who_does_not_run_the_portal_sees_none_of_its_figures(role: str) -> None:
    refuse_somebody()
    page = page_of(role)
    assert [card for card in CARDS if card in page] == []


def test_a_market_in_which_nothing_happened_shows_zeros_and_no_limits() -> None:
    page = page_of("operator")
    assert [card for card in CARDS if card in page] == ["messages-card", "jobs-card", "registrations-card"]
    assert "No worker" in page


def test_operators_see_all_figures_with_few_statements(django_assert_max_num_queries: Any) -> None:
    refuse_somebody()
    browser = at_desk(colleague("Olga", "operator", "administrator", "senior-assessor"))
    with django_assert_max_num_queries(MOST_STATEMENTS):
        page = browser.get("/desk/rs/").content.decode()
    assert [card for card in CARDS if card not in page] == []


def test_limits_are_counted_without_keys_also_where_a_refusal_undoes_its_transaction() -> None:
    refuse_somebody(times=2)
    assert refusals_today("rs")["staff-password-tries"] == 2
    assert "Wrong passwords at the desk" in page_of("operator")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert refusals_today("rs") == {}


def test_a_request_without_refusals_counts_nothing(client: Client) -> None:
    client.get("/rs/")
    assert not Refusals.objects.exists()


def test_old_counts_of_limits_are_deleted() -> None:
    today = profile_of("rs").today()
    for days in (0, 29, 32):
        Refusals.objects.create(market="rs", limit="three", day=today - timedelta(days=days), count=1)
    purge(0)
    assert Refusals.objects.count() == 2


def test_messages_that_wait_are_counted_by_channel_and_market() -> None:
    facts: Any = {"template": "staff-factor-added", "context": {"url": "https://x.example/"}, "by": SYSTEM}
    first = send(market="rs", channel="email", to=JELENA.email, language="sr-latn", **facts)
    send(market="rs", channel="email", to=None, language="sr-latn", **facts)
    send(market="ru", channel="email", to=JELENA.email, language="ru", **facts)
    Message.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(hours=2))
    shown: Any = messages_at_desk(NOBODY, "rs")
    assert [(one["messages"], one["is_late"]) for one in shown["channels"]] == [(2, True), (0, False)]
    assert JELENA.email not in page_of("operator")


def test_background_work_that_waits_makes_the_card_late() -> None:
    send(market="rs", channel="email", to=None, language="sr-latn", template="staff-factor-added",
         context={"url": "https://x.example/"}, by=SYSTEM)  # fmt: skip
    shown: Any = jobs_at_desk(NOBODY, "rs")
    assert (shown["jobs"], shown["is_late"], shown["failed"], shown["is_down"]) == (1, False, 0, True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '1 hour'")
    late: Any = jobs_at_desk(NOBODY, "rs")
    assert late["is_late"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    failed: Any = jobs_at_desk(NOBODY, "rs")
    assert (failed["jobs"], failed["since"], failed["failed"]) == (0, None, 1)


def test_what_failed_is_counted_for_a_day() -> None:
    now = timezone.now()
    for hours in (25, 23, 1):
        old_event(NoticeEvent.MESSAGE_GIVEN_UP, at=now - timedelta(hours=hours))
    old_event(NoticeEvent.MESSAGE_GIVEN_UP, at=now, market="ru")
    counted = count_since([NoticeEvent.MESSAGE_GIVEN_UP], market="rs", since=now - timedelta(hours=24))
    assert counted == {"message.given_up": 2}


def test_counts_read_no_more_events_than_they_may() -> None:
    profile = profile_of("rs")
    noon = datetime.combine(profile.today(), time(12), tzinfo=profile.zone)
    for days in (9, 3, 2, 1):
        old_event(AccountEvent.ACCOUNT_CREATED, at=noon - timedelta(days=days))
    asked: Any = {"market": "rs", "zone": profile.zone, "until": profile.today(), "days": 4}
    assert [one.count for one in count_by_day(AccountEvent.ACCOUNT_CREATED, **asked)] == [1, 1, 1, 0]
    capped = count_by_day(AccountEvent.ACCOUNT_CREATED, **asked, most=2)
    assert [one.count for one in capped] == [1, 0], "the day that was not counted completely is left out"
    since = timezone.now() - timedelta(days=30)
    assert count_since([AccountEvent.ACCOUNT_CREATED], market="rs", since=since, most=3) == {"account.created": 3}


def test_a_page_of_the_desk_that_does_not_exist_leads_back_to_the_desk() -> None:
    page = at_desk(colleague("Olja", "operator")).get("/desk/rs/nothing/")
    assert page.status_code == 404
    assert 'href="/desk/"' in page.content.decode()
    stranger = Client().get("/rs/nothing/").content.decode()
    assert 'href="/desk/"' not in stranger, "members hear nothing of the desk"
