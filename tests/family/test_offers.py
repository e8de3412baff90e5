"""Offers of a mandate. The giver learns nothing about the named person before they accept. Refusals come first."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from mypolis.foundation.guards.models import Counter
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.models import ContactPoint
from mypolis.membership.family.models import Mandate
from mypolis.membership.people.models import Person
from tests.family.giving import named, offer, page_form, sees, state
from tests.family.home import Asker, account, aged, person
from tests.onlooker import statements
from tests.post import Post

pytestmark = pytest.mark.django_db


def test_before_it_is_accepted_nothing_is_seen_and_no_name_is_told(vera: Asker, goran: Asker) -> None:
    offer(vera, goran)
    assert not sees(goran, vera)
    assert goran.seen() == {}
    (given,) = vera.get("mandates").json()["given"]
    assert (given["name"], given["state"]) == ("goran@example.test", "offered")
    assert "Babić" not in vera.page("family/seers/").content.decode()


def test_the_link_of_the_mail_leads_to_the_offer(vera: Asker, goran: Asker, post: Post) -> None:
    offer(vera, goran)
    link = next(link for link in post.to("goran@example.test")[0].links if "/family/" in link)
    page = goran.page(link.partition("/rs/")[2])
    assert page.status_code == 200
    assert "Vera Ilić" in page.content.decode()
    assert Asker(account(person("Olga", aged(33)))).page(link.partition("/rs/")[2]).status_code == 404


NOBODY = {
    "nobody": lambda: {"contact": "nobody@example.test", "birth_date": "1980-05-05"},
    "another birth date": lambda: {"contact": "goran@example.test", "birth_date": "1980-05-05"},
    "a mobile of nobody": lambda: {"contact": "+381641234567", "birth_date": "1980-05-05"},
}


@pytest.mark.parametrize("who", [*NOBODY, "under age", "on file only", "unconfirmed", "oneself", "other market", "two"])
def test_whoever_is_named_the_giver_is_answered_alike(vera: Asker, goran: Asker, who: str) -> None:
    names: dict[str, Callable[[], dict[str, Any]]] = {
        **NOBODY,
        "under age": lambda: named(Asker(account(person("Luka", aged(17))))),
        "on file only": lambda: named(person("Olga", aged(30))),
        "unconfirmed": lambda: named(unconfirmed()),
        "oneself": lambda: named(vera),
        "other market": lambda: named(Asker(account(person("Ayu", aged(30), code="id")))),
        "two": two_of_one_address,
    }
    body = names[who]()
    seen = []
    for said in (named(goran), body):
        Counter.objects.all().delete()
        Message.objects.all().delete()
        with statements() as queries:
            answer = vera.post("mandates", said)
        document = answer.json()
        assert document.pop("name") == said["contact"]
        shape = re.sub(r"[0-9a-f-]{36}|20\d\d-[\dT:.Z+-]+", "…", str(document))
        message = Message.objects.values_list("channel", "template", "language", "state").get()
        seen.append((answer.status_code, sorted(document), shape, queries, message))
        Mandate.objects.update(ended_at=timezone.now())
    assert seen[0] == seen[1]
    assert Mandate.objects.filter(proxy=None).count() == 1
    assert Message.objects.get().to is None


def unconfirmed() -> Person:
    found = account(person("Olga", aged(30)))
    ContactPoint.objects.filter(account=found).update(confirmed_at=None)
    return found.person


def two_of_one_address() -> dict[str, Any]:
    """Twins with one address, as Indonesia allows: the contact matches both."""
    twins = [account(person(name, aged(30))) for name in ("Ana", "Eva")]
    points = ContactPoint.objects.filter(account__in=twins)
    points.update(key="twins@example.test", value="twins@example.test", exclusive=False)
    return {"contact": "twins@example.test", "birth_date": aged(30).isoformat()}


def test_a_declined_offer_looks_like_one_without_an_answer(vera: Asker, goran: Asker) -> None:
    key = offer(vera, goran)
    assert goran.post(f"mandates/{key}/decline").status_code == 204
    assert goran.post(f"mandates/{key}/decline").status_code == 204
    assert state(vera) == ["offered"]
    assert goran.get("mandates").json()["offers"] == []
    assert goran.post(f"mandates/{key}/accept").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert [one.state_at(timezone.now(), timezone.localdate()) for one in Mandate.objects.all()] == ["unanswered"]


def test_an_offer_that_ran_out_is_answered_no_more(vera: Asker, goran: Asker) -> None:
    key = offer(vera, goran)
    Mandate.objects.update(expires_at=timezone.now())
    assert goran.get("mandates").json()["offers"] == []
    assert goran.post(f"mandates/{key}/accept").status_code == 404
    assert goran.post(f"mandates/{key}/decline").status_code == 404
    assert goran.page(f"family/mandates/{key}/").status_code == 404
    assert state(vera) == ["unanswered"]


def test_an_offer_that_was_withdrawn_is_gone_for_both(vera: Asker, goran: Asker) -> None:
    key = offer(vera, goran)
    assert vera.post(f"mandates/{key}/end").status_code == 204
    assert goran.post(f"mandates/{key}/accept").status_code == 404
    assert vera.get("mandates").json() == {"given": [], "offers": []}


def test_nobody_else_accepts_declines_or_ends_it(vera: Asker, goran: Asker) -> None:
    key = offer(vera, goran)
    stranger = Asker(account(person("Olga", aged(33))))
    for who, acts in ((stranger, ("accept", "decline", "end")), (vera, ("accept", "decline")), (goran, ("end",))):
        for act in acts:
            assert who.post(f"mandates/{key}/{act}").status_code == 404
    assert goran.post(f"mandates/{uuid4()}/accept").status_code == 404
    assert goran.post("mandates/nonsense/accept").status_code == 422


def test_a_past_day_and_what_is_no_contact_are_told_by_field(vera: Asker, goran: Asker) -> None:
    yesterday = (vera.account.profile.today() - timedelta(days=1)).isoformat()
    for body, wrong in (
        ({}, {("contact", "required"), ("birth_date", "required")}),
        (named(goran, until=yesterday), {("until", "past")}),
        (named(goran, until="31.2.2027"), {("until", "format")}),
        (named(goran, contact="goran"), {("contact", "invalid")}),
        (named(goran, contact="a@b"), {("contact", "invalid")}),
        (named(goran, birth_date="2090-01-01"), {("birth_date", "future")}),
    ):
        answer = vera.post("mandates", body)
        assert answer.status_code == 422
        assert {(error["field"], error["code"]) for error in answer.json()["errors"]} == wrong
    page = vera.press("family/share/", {"contact": "goran", "birth_date_day": "40"})
    assert page.status_code == 422
    assert 'value="goran"' in page.content.decode()
    assert not Mandate.objects.exists()


def test_only_who_is_of_age_gives(goran: Asker) -> None:
    young = Asker(account(person("Luka", aged(18, in_days=1))))
    assert young.post("mandates", named(goran)).status_code == 409
    assert young.page("family/share/").status_code == 403
    assert not Mandate.objects.exists()


def test_offers_are_limited_a_day(vera: Asker, goran: Asker, post: Post) -> None:
    for number in range(5):
        offer(vera, goran if number < 4 else person("Olga", aged(30)))
    answer = vera.post("mandates", named(goran))
    assert (answer.status_code, answer["Retry-After"] != "") == (429, True)
    assert vera.press("family/share/", page_form(goran)).status_code == 429
    assert len(post.to("goran@example.test")) == 3  # and the fourth waits at home
    assert len(goran.get("mandates").json()["offers"]) == 1


def test_a_mobile_finds_too(vera: Asker, goran: Asker) -> None:
    point = ContactPoint.objects.get(account=goran.account)
    ContactPoint.objects.filter(pk=point.pk).update(kind="mobile", key="+381641112222", value="+381641112222")
    offer(vera, goran, contact="064 111 2222")
    assert len(goran.get("mandates").json()["offers"]) == 1
    assert Message.objects.get().to is None  # mail goes nowhere; the offer waits at home


def test_the_offer_waits_at_home(vera: Asker, goran: Asker) -> None:
    offer(vera, goran)
    page = goran.page("home/").content.decode()
    assert 'data-waiting="1"' in page
    assert "Vera Ilić" in page
    assert 'data-waiting="0"' in vera.page("home/").content.decode()
