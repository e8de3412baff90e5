"""The contact points on a member's pages, and the links there."""

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.membership.accounts.models import ContactPoint
from tests.cast import ANNA, JELENA
from tests.doors import PageDoor
from tests.post import Post
from tests.signin.test_changing import SERBIAN, changed, point
from tests.web.safety.sessions import signed_in


def test_the_members_page_shows_what_there_is_masked_and_leads_to_the_change(post: Post) -> None:
    door = PageDoor(Client(headers={"accept-language": "en"}))
    signed_in(door, "ru")
    text = door.client.get("/ru/security/").content.decode()
    assert "Not confirmed yet." in text
    assert ANNA.email not in text
    assert ANNA.mobile not in text
    assert 'href="/ru/change-email/"' in text
    assert 'href="/ru/change-mobile/"' in text
    ContactPoint.objects.filter(kind="email").update(undeliverable_since=timezone.now())
    assert "Our messages are not getting through." in door.client.get("/ru/security/").content.decode()
    assert 'href="/ru/change-email/"' in door.client.get("/ru/home/").content.decode()


def test_whoever_has_no_mobile_enters_the_first_one(post: Post) -> None:
    door = PageDoor(Client(headers={"accept-language": "en"}))
    signed_in(door, "rs")
    ContactPoint.objects.filter(kind="mobile").delete()
    assert "No mobile number yet" in door.client.get("/rs/security/").content.decode()
    changed(door, post, "mobile", SERBIAN, JELENA.email)
    assert point("mobile", "rs").value == SERBIAN


def test_a_market_without_these_journeys_leads_nobody_to_them(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    door = PageDoor(Client())
    signed_in(door, "rs")
    ContactPoint.objects.filter(kind="email").update(undeliverable_since=timezone.now())
    monkeypatch.setattr("mypolis.foundation.journeys.definitions.registry.ways", lambda market: {})
    for page in ("home", "security"):
        response = door.client.get(f"/rs/{page}/")
        assert response.status_code == 200
        assert "/change-" not in response.content.decode()
