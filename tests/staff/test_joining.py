"""Somebody is invited to the desk and joins."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone
from pyotp import TOTP

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.factors import authenticator_apps, time_codes
from mypolis.foundation.factors.passwords.password_rules import verify_password
from mypolis.foundation.staff.models import StaffAccount, StaffInvitation, StaffRole, StaffSession
from mypolis.foundation.staff.own.flows import SessionOver, link_app
from mypolis.foundation.staff.team.joining import AlreadyStaff, accept, invite
from tests.journeys.test_races import at_once
from tests.post import Post
from tests.staff.world import PASSWORD, at_desk, code_of, colleague, ticket_in

pytestmark = pytest.mark.django_db

MIRA = "mira@insurer.example"


def invited() -> str:
    """Invite Mira; return the path of her link."""
    made = invite(email=MIRA, name="Mira", market="rs", roles=["assessor"], by=SYSTEM)
    return made.url[made.url.index("/desk/") :]


def test_a_colleague_joins_by_the_link_in_the_mail(post: Post) -> None:
    path = invited()
    letter = post.to(MIRA)[0]
    assert letter.links[0].endswith(path)
    browser = Client(headers={"accept-language": "en"})
    assert "Hello Mira" in browser.get(path).content.decode()
    chosen = browser.post(path, {"password": PASSWORD, "password_repeat": PASSWORD})
    assert chosen["Location"] == "/desk/me/factors/"
    assert browser.get("/desk/rs/")["Location"] == "/desk/me/factors/", "no factor yet"
    page = browser.get("/desk/me/factors/").content.decode()
    codes = browser.post("/desk/me/factors/app/", {"ticket": ticket_in(page), "code": code_of(page)}).content.decode()
    assert len(set(re.findall(r"<code>([0-9A-Z-]{29})</code>", codes))) == 10
    assert browser.get("/desk/rs/").status_code == 200
    assert StaffAccount.objects.get(email=MIRA).joined_at is not None
    assert browser.get(path).status_code == 410, "the link is used up"


def test_the_link_stays_good_until_a_factor_is_linked() -> None:
    path = invited()
    first = Client()
    first.post(path, {"password": PASSWORD, "password_repeat": PASSWORD})
    second = Client()
    other = "a different Meadow 4 of ours"
    assert second.post(path, {"password": other, "password_repeat": other}).status_code == 302
    assert first.get("/desk/me/factors/").status_code == 302, "the first session ended"
    assert second.get("/desk/me/factors/").status_code == 200


@pytest.mark.parametrize("problem", ["late", "newer", "closed", "unknown"])
def test_a_link_that_is_over_says_what_to_do(problem: str) -> None:
    path = invited()
    if problem == "late":
        StaffInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif problem == "newer":
        invited()
    elif problem == "closed":
        StaffAccount.objects.filter(email=MIRA).update(closed_at=timezone.now())
    else:
        path = f"{path}x"
    browser = Client(headers={"accept-language": "en"})
    answers = {"password": PASSWORD, "password_repeat": PASSWORD}
    for answer in (browser.get(path), browser.post(path, answers)):
        assert answer.status_code == 410
        assert "ask your administrator for a new one" in answer.content.decode()


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("short", "short", "at least 15 characters"),
        (PASSWORD, "something else 123", "The two passwords differ"),
        ("mira@insurer.example", "mira@insurer.example", "Do not use your name"),
    ],
)
def test_a_weak_password_is_refused(first: str, second: str, says: str) -> None:
    browser = Client(headers={"accept-language": "en"})
    refused = browser.post(invited(), {"password": first, "password_repeat": second})
    assert refused.status_code == 422
    assert says in refused.content.decode()


def test_a_wrong_code_of_the_new_app_shows_the_same_code_to_scan_again() -> None:
    browser = Client(headers={"accept-language": "en"})
    browser.post(invited(), {"password": PASSWORD, "password_repeat": PASSWORD})
    page = browser.get("/desk/me/factors/").content.decode()
    wrong = f"{(int(code_of(page)) + 1) % 1_000_000:06}"
    again = browser.post("/desk/me/factors/app/", {"ticket": ticket_in(page), "code": wrong})
    assert again.status_code == 422
    assert ticket_in(again.content.decode()) == ticket_in(page)


def test_a_ticket_of_somebody_else_links_nothing() -> None:
    other = at_desk(colleague("Olga", "agent"))
    page = other.get("/desk/me/factors/").content.decode()
    browser = Client()
    browser.post(invited(), {"password": PASSWORD, "password_repeat": PASSWORD})
    sent = browser.post("/desk/me/factors/app/", {"ticket": ticket_in(page), "code": code_of(page)})
    assert sent["Location"] == "/desk/me/factors/"
    assert StaffAccount.objects.get(email=MIRA).joined_at is None


def test_somebody_who_has_joined_is_not_invited_again() -> None:
    colleague("Olga", "agent")
    with pytest.raises(AlreadyStaff):
        invite(email="OLGA@insurer.example", name="Olga", market="id", roles=["administrator"], by=SYSTEM)
    assert not StaffRole.objects.filter(market="id").exists()


@pytest.mark.django_db(transaction=True)
def test_two_browsers_that_open_one_link_at_once_make_one_account_and_one_session() -> None:
    token = invited().rpartition("/")[2]
    passwords = (PASSWORD, "a different Meadow 4 of ours")
    stranger = Actor("stranger", "", "10.1.2.3", "Firefox")
    accepted = at_once(*(partial(accept, token=token, password=typed, by=stranger) for typed in passwords))
    (left,) = StaffSession.objects.active(timezone.now())
    place = [session.pk for session, _secret in accepted].index(left.pk)
    account = StaffAccount.objects.get(email=MIRA)
    assert verify_password(passwords[place], account.password_hash), "the password is of the one who goes on"
    loser = accepted[1 - place][0]
    secret = time_codes.new_secret()
    with pytest.raises(SessionOver):
        link_app(session=loser, secret=secret, typed=TOTP(secret).now(), by=stranger)
    assert not authenticator_apps.is_linked(account.holder)
