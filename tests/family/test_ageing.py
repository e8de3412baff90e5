"""A child comes of age: parents, and children with an account, are notified beforehand, once each."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import all_markets, market
from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.family.jobs import close_mandates, forget_viewings, notify_families
from mypolis.membership.family.models import AgeNotice, Viewing
from mypolis.membership.family.relations.coming_of_age import notify_of_age
from mypolis.membership.people.models import Membership, Person
from tests.family.home import account, aged, insure, person, policy
from tests.post import Post

pytestmark = pytest.mark.django_db


def family(code: str = "rs", *, in_days: int = 30) -> tuple[Account, Person]:
    """A mother with an account, and a child who comes of age in `in_days` days."""
    mother, luka = person("Mira", aged(44), code=code), person("Luka", aged(18, in_days=in_days, code=code), code=code)
    insure(mother, policy(code=code), "policyholder")
    insure(luka, policy(code=code), "child")
    return account(mother), luka


@pytest.mark.parametrize("in_days", [-1, 0, 31])
def test_nobody_is_told_too_early_or_too_late(post: Post, in_days: int) -> None:
    family(in_days=in_days)
    assert notify_of_age(market("rs")) == 0
    assert post.deliver() == []


@pytest.mark.parametrize("code", ["rs", "id", "ru"])
def test_parent_and_child_are_told_each_in_their_own_words_and_once(post: Post, code: str) -> None:
    _mira, luka = family(code)
    account(luka)
    assert notify_of_age(market(code)) == 2
    assert notify_of_age(market(code)) == 0
    assert [letter.template for letter in post.to("mira@example.test")] == ["child-of-age"]
    assert [letter.template for letter in post.to("luka@example.test")] == ["of-age"]
    assert "Luka" in post.to("mira@example.test")[0].text
    assert Event.objects.filter(kind="family.told_of_age").count() == 2


def test_whoever_missed_the_first_day_is_told_later(post: Post) -> None:
    family(in_days=3)
    assert notify_of_age(market("rs")) == 1


def test_without_an_address_to_which_mail_may_go_nothing_is_noted_and_later_it_is_told(post: Post) -> None:
    family()
    ContactPoint.objects.update(confirmed_at=None)
    assert notify_of_age(market("rs")) == 0
    assert not AgeNotice.objects.exists()
    ContactPoint.objects.update(confirmed_at=timezone.now())
    assert notify_of_age(market("rs")) == 1


def test_of_a_child_who_was_removed_nobody_is_told(post: Post) -> None:
    _mira, luka = family()
    Membership.objects.filter(person=luka).update(end=market("rs").today() - timedelta(days=1))
    assert notify_of_age(market("rs")) == 0


def test_a_child_on_two_policies_is_told_of_once(post: Post) -> None:
    mira, luka = family()
    insure(mira.person, policy("F-2"), "policyholder")
    insure(luka, policy("F-2"), "child")
    assert notify_of_age(market("rs")) == 1


def test_both_parents_are_told(post: Post) -> None:
    _mira, luka = family()
    father = person("Goran", aged(46))
    insure(father, policy("F-2"), "policyholder")
    insure(luka, policy("F-2"), "child")
    account(father)
    assert notify_of_age(market("rs")) == 2


def test_the_rounds_serve_every_market_and_forget_what_is_long_past(post: Post) -> None:
    mira, luka = family()
    family("id")
    now = timezone.now()
    for age in (399, 401):
        at = now - timedelta(days=age)
        Viewing.objects.create(person=luka, viewer=mira, seen_as="parent", what="cover", minute=at, at=at)
    for task in (notify_families, close_mandates, forget_viewings):
        task.func(0)
    assert AgeNotice.objects.count() == 2
    assert Viewing.objects.count() == 1
    assert len(all_markets()) == 3
    with time_machine.travel(now + timedelta(days=1)):
        notify_families.func(0)
    assert AgeNotice.objects.count() == 2
