"""The demo's staff: they can sign in, and the inbox shows the code of their app."""

import pytest
from django.test import Client

from mypolis.demo.cast.colleagues import SIGN_IN_WORDS, colleagues
from mypolis.demo.models import SampleColleague
from mypolis.demo.samples.colleagues import sample_colleagues, seed_colleagues
from mypolis.foundation.factors.passwords.password_rules import problems
from mypolis.foundation.markets import all_markets, market
from mypolis.foundation.staff.models import StaffAccount, StaffSession
from mypolis.foundation.staff.roles import ROLES
from mypolis.foundation.staff.signin.forms import LEAST_PASSWORD
from tests.staff.world import colleague

pytestmark = pytest.mark.django_db


def seeded() -> Client:
    """A browser in a demo whose colleagues are there."""
    for profile in all_markets().values():
        seed_colleagues(profile)
    return Client(headers={"accept-language": "en"})


def test_each_market_has_every_role_and_two_where_two_must_agree() -> None:
    for code in all_markets():
        roles = [one.role for one in colleagues(code)]
        assert set(roles) == set(ROLES)
        for role in ("operator", "senior-assessor", "administrator"):
            assert roles.count(role) == 2, f"{role} in {code}"
    assert colleagues("xx") == []


def test_the_password_of_the_cast_would_pass_at_joining() -> None:
    for code in all_markets():
        for one in colleagues(code):
            assert problems(SIGN_IN_WORDS, min_length=LEAST_PASSWORD, personal=(one.name, one.email)) == []


def test_a_colleague_signs_in_with_the_code_that_the_inbox_shows() -> None:
    browser = seeded()
    for _time in range(2):  # at once again: the first code was used, so the next one is shown
        (vesna,) = [
            one for one in browser.get("/inbox/colleagues.json?market=rs").json() if one["roles"] == ["assessor"]
        ]
        browser.post("/desk/signin/", {"email": vesna["email"], "password": vesna["password"]})
        opened = browser.post("/desk/signin/factor/", {"code": vesna["code"]})
        assert opened.status_code == 302, "the code was refused"
        assert browser.get("/desk/rs/").status_code == 200
        browser.post("/desk/signout/")
    assert StaffSession.objects.count() == 2


def test_the_inbox_shows_the_colleagues_of_its_market_only() -> None:
    page = seeded().get("/inbox/?market=id").content.decode()
    assert "ratih@nusasehat.example" in page
    assert "vesna@lipa.example" not in page
    assert next(one for one in sample_colleagues("id") if one.roles == ["assessor"]).code in page


def test_codes_of_real_colleagues_are_never_shown() -> None:
    browser, real = seeded(), colleague("Mira", "administrator")
    assert real.account.email not in browser.get("/inbox/?market=rs").content.decode()
    assert real.account.email not in browser.get("/inbox/colleagues.json").content.decode()


def test_a_demo_from_before_a_colleague_gets_them_at_the_next_start() -> None:
    browser = seeded()
    newest = SampleColleague.objects.filter(market="rs", account__roles__role="operator").latest("pk")
    email = newest.account.email
    StaffAccount.objects.filter(pk=newest.account_id).update(email="other@lipa.example", email_key="other@lipa.example")
    newest.delete()
    seed_colleagues(market("rs"))
    emails = [one["email"] for one in browser.get("/inbox/colleagues.json?market=rs").json()]
    assert emails.count(email) == 1
    assert len(emails) == len(colleagues("rs"))


def test_seeding_again_changes_nothing_and_an_unknown_market_has_nobody() -> None:
    browser = seeded()
    before = list(SampleColleague.objects.values_list("pk", flat=True))
    seed_colleagues(market("rs"))
    assert list(SampleColleague.objects.values_list("pk", flat=True)) == before
    assert browser.get("/inbox/colleagues.json?market=xx").json() == []
