"""Notices above all pages of a market: in every language, from their start until their end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.switches import state
from mypolis.foundation.switches.banners import MOST_OPEN, TooManyBanners, publish, withdraw
from mypolis.foundation.switches.models import Banner
from tests.claims.world import member
from tests.doors import PageDoor
from tests.journeys.test_races import at_once
from tests.members import admit
from tests.staff.world import Colleague, at_desk, colleague
from tests.waiting import until

pytestmark = pytest.mark.django_db

TEXTS = {"id": "Server libur pada hari Minggu", "en": "No <i>service</i> on Sunday"}
SHOWN = "No &lt;i&gt;service&lt;/i&gt; on Sunday"


@pytest.fixture
def edo() -> Colleague:
    """An editor in Indonesia."""
    return colleague("Edo", "editor", market="id")


def typed(moment: datetime) -> str:
    """What a browser sends for a moment in Indonesia."""
    return moment.astimezone(profile_of("id").zone).strftime("%Y-%m-%dT%H:%M")


def form(**changes: str) -> dict[str, str]:
    """The form of a notice that begins now and lasts two days."""
    now = timezone.now()
    times = {"starts_at": typed(now - timedelta(minutes=1)), "ends_at": typed(now + timedelta(days=2))}
    texts = {f"text_{code}": text for code, text in TEXTS.items()}
    return {"severity": "warning", **times, **texts, "act": "publish", **changes}


def notice(edo: Colleague, *, start: timedelta = timedelta(0), days: int = 2, **texts: str) -> Banner:
    """A published notice."""
    starts_at = timezone.now() + start
    return publish(
        market="id",
        severity="info",
        texts=texts or TEXTS,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=days),
        author=edo.account,
        by=edo.actor,
    )


def page(url: str = "/id/", client: Client | None = None) -> str:
    """A page in English."""
    return (client or Client()).get(url, headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text_id": ""}, "please fill this in"),
        ({"text_en": "x" * 301}, "300"),
        ({"severity": "party"}, "Please choose one."),
        ({"starts_at": "soon"}, "Please enter a day and a time."),
        ({"ends_at": "2020-01-01T10:00"}, "The end must be after the start."),
        ({"starts_at": "2020-01-01T10:00", "ends_at": "2020-01-02T10:00"}, "The end is over already."),
        ({"ends_at": "2199-01-01T10:00"}, "At most 90 days after the start"),
    ],
)
def test_a_notice_with_something_wrong_is_refused(edo: Colleague, changes: dict[str, str], says: str) -> None:
    answer = at_desk(edo).post("/desk/id/banners/new/", form(**changes))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Banner.objects.exists()


def test_flow_and_database_refuse_what_the_form_would(edo: Colleague) -> None:
    changes: list[dict[str, Any]] = [{"days": 0}, {"days": 91}, {"en": "only one language"}]
    for wrong in changes:
        with pytest.raises(ValueError, match=r"must end|each language"):
            notice(edo, **wrong)
    row = notice(edo)
    with pytest.raises(IntegrityError), transaction.atomic():
        Banner.objects.filter(pk=row.pk).update(ends_at=row.starts_at)


def test_no_more_than_three_are_open(edo: Colleague) -> None:
    made = [notice(edo) for _time in range(MOST_OPEN)]
    with pytest.raises(TooManyBanners):
        notice(edo)
    answer = at_desk(edo).post("/desk/id/banners/new/", form())
    assert answer.status_code == 422
    assert "three notices" in answer.content.decode()
    assert withdraw(banner=made[0], by=edo.actor)
    assert notice(edo)


def test_a_preview_publishes_nothing_and_shows_every_language(edo: Colleague) -> None:
    answer = at_desk(edo).post("/desk/id/banners/new/", form(act="preview"))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert SHOWN in shown
    assert TEXTS["id"] in shown
    assert "Publish" in shown
    assert not Banner.objects.exists()


def test_everybody_in_the_market_sees_it_as_text_until_it_is_withdrawn(edo: Colleague, client: Client) -> None:
    admit(PageDoor(client), member())
    browser = at_desk(edo)
    assert browser.post("/desk/id/banners/new/", form()).status_code == 302
    for shown in (page(), page("/id/signin/"), page("/id/home/", client)):
        assert SHOWN in shown
    assert TEXTS["id"] in Client().get("/id/", headers={"accept-language": "id"}).content.decode()
    assert "Sunday" not in page("/ru/")
    assert "Sunday" not in page("/")
    withdrawing = f"/desk/id/banners/{Banner.objects.get().pk}/withdraw/"
    assert f'href="{withdrawing}"' in browser.get("/desk/id/banners/").content.decode()
    assert TEXTS["id"] in browser.get(withdrawing).content.decode()
    assert SHOWN in page(), "it asks first"
    browser.post(withdrawing)
    assert "Sunday" not in page()
    assert browser.get(withdrawing)["Location"] == "/desk/id/banners/"
    assert "Withdrawn" in browser.get("/desk/id/banners/").content.decode()


def test_it_begins_and_ends_by_itself_without_reading_the_tables_again(edo: Colleague) -> None:
    notice(edo, start=timedelta(days=1))
    assert "Sunday" not in page()
    state.remember({"id": state.state_of("id")}, seconds=1e9)
    for days, is_shown in ((2, True), (4, False)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert ("Sunday" in page()) == is_shown


def test_what_is_over_is_not_withdrawn_again(edo: Colleague) -> None:
    row = notice(edo)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert not withdraw(banner=row, by=edo.actor)
    assert withdraw(banner=row, by=edo.actor)
    assert not withdraw(banner=row, by=edo.actor)
    assert Event.objects.filter(kind="banner.withdrawn").count() == 1


def test_a_notice_of_another_market_is_not_found(edo: Colleague) -> None:
    row = notice(edo)
    elsewhere = at_desk(colleague("Rada", "editor"))
    assert elsewhere.post(f"/desk/rs/banners/{row.pk}/withdraw/").status_code == 404
    assert Banner.objects.get().withdrawn_at is None


def test_the_list_asks_the_same_for_one_and_for_many(edo: Colleague, django_assert_max_num_queries: Any) -> None:
    now = timezone.now()
    rows = [
        Banner(
            market="id", severity="info", texts=TEXTS, made_by=edo.account,
            starts_at=now - timedelta(days=days), ends_at=now - timedelta(days=days - 1),
        )
        for days in range(2, 62)
    ]  # fmt: skip
    Banner.objects.bulk_create(rows)
    browser = at_desk(edo)
    with django_assert_max_num_queries(8):
        first = browser.get("/desk/id/banners/").content.decode()
    assert "Next page" in first


@pytest.mark.django_db(transaction=True)
def test_two_people_withdraw_it_at_once(edo: Colleague) -> None:
    row = notice(edo)
    at_once(lambda: withdraw(banner=row, by=edo.actor), lambda: withdraw(banner=row, by=edo.actor))
    assert Event.objects.filter(kind="banner.withdrawn").count() == 1


def test_a_notice_at_the_end_of_the_calendar_is_no_error(edo: Colleague) -> None:
    last = {"starts_at": "9999-12-01T00:00", "ends_at": "9999-12-31T23:00"}
    assert at_desk(edo).post("/desk/id/banners/new/", form(**last)).status_code == 302
    assert at_desk(edo).get("/desk/id/banners/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_editors_do_not_pass_the_limit_together(edo: Colleague) -> None:
    for _number in range(MOST_OPEN - 1):
        notice(edo)

    def other() -> str:
        try:
            notice(edo)
        except TooManyBanners:
            return "refused"
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            notice(edo)
            second = pool.submit(other)
            until(lambda: second.done() or _is_waiting())
        assert second.result() == "refused"
    assert Banner.objects.count() == MOST_OPEN


def _is_waiting() -> bool:
    """Whether another connection waits for a named lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return bool(cursor.fetchone()[0])
