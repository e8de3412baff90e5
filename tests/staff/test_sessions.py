"""Sessions at the desk: they lock, end, and ask for a factor again before sensitive pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market
from mypolis.foundation.staff.models import StaffRole, StaffSession
from mypolis.foundation.staff.team.role_changes import close, give_role, take_role
from tests.staff.world import PASSWORD, Colleague, at_desk, colleague, lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Colleague:
    """An administrator in Serbia."""
    return colleague("Ana", "administrator")


def test_after_a_quarter_of_an_hour_without_work_a_page_asks_for_a_factor(ana: Colleague) -> None:
    browser = at_desk(ana)
    lock(ana)
    locked = browser.get("/desk/rs/team/")
    assert locked.status_code == 403
    assert "Your session is locked" in locked.content.decode()
    assert ana.account.email not in locked.content.decode(), "the page shows nothing of what was open"
    opened = browser.post("/desk/rs/team/", {"desk_proof": "1", "code": ana.code()})
    assert opened.status_code == 302
    assert opened["Location"] == "/desk/rs/team/"
    assert browser.get("/desk/rs/team/").status_code == 200


def test_what_was_typed_before_the_lock_goes_on_with_the_proof(ana: Colleague) -> None:
    browser = at_desk(ana)
    lock(ana)
    answers = {"name": "Mira <b>", "email": "mira@insurer.example", "role": "agent"}
    locked = browser.post("/desk/rs/team/invite/", answers)
    assert locked.status_code == 403
    page = locked.content.decode()
    assert 'name="name" value="Mira &lt;b&gt;"' in page
    assert 'name="email" value="mira@insurer.example"' in page
    proof = {"desk_proof": "1", "desk_was_sent": "1", "code": ana.code()}
    done = browser.post("/desk/rs/team/invite/", {**answers, **proof})
    assert done.status_code == 302
    assert done["Location"].startswith("/desk/rs/approvals/")


def test_a_wrong_code_keeps_what_was_typed(ana: Colleague) -> None:
    browser = at_desk(ana)
    lock(ana)
    wrong = f"{(int(ana.code()) + 1) % 1_000_000:06}"
    answers = {"name": "Mira", "desk_proof": "1", "desk_was_sent": "1", "code": wrong}
    again = browser.post("/desk/rs/team/invite/", answers)
    assert again.status_code == 403
    page = again.content.decode()
    assert 'name="name" value="Mira"' in page
    assert 'name="desk_was_sent"' in page
    assert wrong not in page


def test_a_password_is_never_written_into_the_page_that_asks_for_a_factor(ana: Colleague) -> None:
    browser = at_desk(ana)
    lock(ana)
    locked = browser.post("/desk/me/password/", {"password": "a secret of mine 12", "password_repeat": "x"})
    assert locked.status_code == 403
    assert "a secret of mine" not in locked.content.decode()


def test_a_sensitive_page_asks_for_a_factor_after_five_minutes(ana: Colleague) -> None:
    browser = at_desk(ana, minutes_ago=6)
    assert browser.get("/desk/rs/team/").status_code == 200
    asked = browser.get("/desk/rs/team/invite/")
    assert asked.status_code == 403
    assert "This page is sensitive" in asked.content.decode()
    browser.post("/desk/rs/team/invite/", {"desk_proof": "1", "code": ana.code()})
    assert browser.get("/desk/rs/team/invite/").status_code == 200
    assert Event.objects.filter(kind="staff.proven", actor_id=str(ana.account.pk)).count() == 1


def test_after_eight_hours_the_session_is_over_however_busy(ana: Colleague) -> None:
    browser = at_desk(ana)
    StaffSession.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert browser.get("/desk/rs/team/")["Location"].startswith("/desk/signin/")


def test_only_work_keeps_a_session_awake(ana: Colleague) -> None:
    browser = at_desk(ana)
    soon = timezone.now() + timedelta(minutes=2)
    StaffSession.objects.update(idle_until=soon, last_act_at=timezone.now() - timedelta(minutes=13))
    told = browser.get("/desk/awake/").json()
    assert 0 < told["locks_in"] <= 120
    assert StaffSession.objects.get().idle_until == soon
    browser.get("/desk/rs/")
    assert StaffSession.objects.get().idle_until > soon


def test_a_role_that_was_taken_away_ends_at_the_next_request(ana: Colleague) -> None:
    colleague("Olga", "administrator")
    browser = at_desk(ana)
    assert browser.get("/desk/rs/team/").status_code == 200
    take_role(account=ana.account, market="rs", role="administrator", by=SYSTEM)
    assert browser.get("/desk/rs/team/").status_code == 404


def test_closing_an_account_ends_its_sessions(ana: Colleague) -> None:
    colleague("Olga", "administrator")
    browser = at_desk(ana)
    close(account=ana.account, by=SYSTEM)
    assert browser.get("/desk/rs/").status_code == 302
    assert StaffSession.objects.get(account=ana.account).ended_at is not None


def test_signing_out_ends_the_session_for_good(ana: Colleague) -> None:
    browser = at_desk(ana)
    token = browser.cookies["staff-desk"].value
    assert browser.post("/desk/signout/")["Location"] == "/desk/signin/"
    stolen = Client()
    stolen.cookies["staff-desk"] = token
    assert stolen.get("/desk/rs/").status_code == 302


def test_somebody_sees_their_sessions_and_ends_the_others(ana: Colleague) -> None:
    here, there = at_desk(ana), at_desk(ana)
    olga = at_desk(colleague("Olga", "administrator"))
    assert here.get("/desk/me/").content.decode().count("Sign out there") == 1
    theirs = StaffSession.objects.get(account__name="Olga")
    assert here.post(f"/desk/me/sessions/{theirs.pk}/end/").status_code == 404, "not somebody else's"
    assert here.post("/desk/me/sessions/end/").status_code == 302
    assert there.get("/desk/me/").status_code == 302
    assert here.get("/desk/me/").status_code == 200
    assert olga.get("/desk/me/").status_code == 200


def test_the_own_account_shows_times_by_the_clock_of_the_market_where_somebody_works(ana: Colleague) -> None:
    at_desk(ana)
    moment = timezone.now() - timedelta(minutes=2)
    StaffSession.objects.update(last_act_at=moment)
    here = timezone.localtime(moment, market("rs").zone)
    page = at_desk(ana).get("/desk/me/").content.decode()
    with translation.override("en"):
        assert date_format(here, "SHORT_DATETIME_FORMAT") in page


def test_a_new_password_ends_the_other_sessions(ana: Colleague) -> None:
    here, there = at_desk(ana), at_desk(ana)
    new = "another Meadow 9 tin-whistle"
    assert here.post("/desk/me/password/", {"password": "short", "password_repeat": "short"}).status_code == 422
    assert here.post("/desk/me/password/", {"password": new, "password_repeat": new}).status_code == 302
    assert there.get("/desk/me/").status_code == 302
    assert here.get("/desk/me/").status_code == 200
    stranger = Client()
    assert stranger.post("/desk/signin/", {"email": ana.account.email, "password": PASSWORD}).status_code == 422
    assert stranger.post("/desk/signin/", {"email": ana.account.email, "password": new}).status_code == 302


def test_only_what_a_person_does_keeps_a_session_awake(ana: Colleague) -> None:
    browser = at_desk(ana)
    nearly = timezone.now() + timedelta(seconds=90)
    StaffSession.objects.update(idle_until=nearly, last_act_at=timezone.now() - timedelta(minutes=13))
    for page in ("/desk/awake/", "/desk/unlock/"):
        assert browser.get(page).status_code == 200
    assert StaffSession.objects.get().idle_until == nearly
    told = browser.get("/desk/awake/").json()
    assert (told["staff"], 80 < told["locks_in"] <= 90) == (ana.account.pk, True)
    assert browser.post("/desk/awake/").json()["locks_in"] > 800
    assert StaffSession.objects.get().idle_until > nearly


def test_an_act_that_comes_too_late_unlocks_nothing(ana: Colleague) -> None:
    browser = at_desk(ana)
    lock(ana)
    assert browser.post("/desk/awake/").json()["locks_in"] == 0
    assert browser.get("/desk/rs/team/").status_code == 403


def test_the_lock_over_the_page_is_lifted_by_a_right_code_only(ana: Colleague) -> None:
    browser = at_desk(ana)
    lock(ana)
    wrong = f"{(int(ana.code()) + 1) % 1_000_000:06}"
    for sent in ({"code": wrong}, {"code": ""}, {"passkey": "{}"}, {}):
        refused = browser.post("/desk/unlock/", sent)
        assert refused.status_code == 422
        assert refused.json()["problem"]
    assert browser.get("/desk/rs/team/").status_code == 403
    opened = browser.post("/desk/unlock/", {"code": ana.code()})
    assert opened.json()["locks_in"] > 800
    assert browser.get("/desk/rs/team/").status_code == 200


def test_guessing_at_the_lock_is_stopped(ana: Colleague) -> None:
    browser = at_desk(ana)
    lock(ana)
    wrong = f"{(int(ana.code()) + 1) % 1_000_000:06}"
    statuses = [browser.post("/desk/unlock/", {"code": wrong}).status_code for _try in range(6)]
    assert statuses == [422] * 5 + [429]


def test_nobody_unlocks_a_session_that_is_over_or_that_may_only_link_a_factor(ana: Colleague) -> None:
    stranger = Client()
    assert stranger.get("/desk/awake/").json() == {"staff": None, "locks_in": None, "ends_in": None}
    assert stranger.post("/desk/unlock/", {"code": ana.code()}).status_code == 302
    browser = at_desk(ana)
    StaffSession.objects.update(only_factors=True)
    assert browser.post("/desk/unlock/", {"code": ana.code()}).status_code == 302
    StaffSession.objects.update(only_factors=False, ends_at=timezone.now())
    assert browser.post("/desk/unlock/", {"code": ana.code()}).status_code == 302
    assert browser.get("/desk/awake/").json()["staff"] is None


def test_somebody_else_can_sign_out_at_a_locked_page(ana: Colleague) -> None:
    browser = at_desk(ana)
    lock(ana)
    assert browser.post("/desk/signout/")["Location"] == "/desk/signin/"
    assert StaffSession.objects.get().ended_at is not None


def test_an_open_page_brings_the_lock_and_a_locked_one_does_not(ana: Colleague) -> None:
    browser = at_desk(ana)
    assert 'id="desk-lock"' in browser.get("/desk/rs/team/").content.decode()
    lock(ana)
    assert 'id="desk-lock"' not in browser.get("/desk/rs/team/").content.decode()
    assert 'id="desk-lock"' not in Client().get("/desk/signin/").content.decode()


def test_ones_own_account_keeps_the_menu_of_the_market_where_one_worked_last(ana: Colleague) -> None:
    give_role(account=ana.account, market="ru", role="administrator", by=SYSTEM)
    browser = at_desk(ana)
    browser.get("/desk/ru/")
    assert 'href="/desk/ru/team/"' in browser.get("/desk/me/").content.decode()
    browser.get("/desk/rs/")
    assert 'href="/desk/rs/team/"' in browser.get("/desk/me/").content.decode()
    assert "rooms-list" not in browser.get("/desk/").content.decode(), "the choice of a market has no menu"


def test_a_market_where_one_no_longer_works_is_not_in_the_menu(ana: Colleague) -> None:
    browser = at_desk(ana)
    for forged in ("id", "xx", ""):
        browser.cookies["staff-market-desk"] = forged
        page = browser.get("/desk/me/").content.decode()
        assert 'href="/desk/rs/team/"' in page
        assert "/desk/id/" not in page
    StaffRole.objects.all().delete()
    assert browser.get("/desk/me/").status_code == 200
