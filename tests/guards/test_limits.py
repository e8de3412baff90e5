"""Limits count exactly, in windows that begin with the first use, per subscriber and not per address."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import (
    LimitReached,
    forget,
    give_back,
    give_back_all,
    left,
    network_of,
    spend,
    spend_address,
    spend_all,
    spend_failures,
)
from mypolis.foundation.guards.limits import Limit, all_limits
from mypolis.foundation.guards.models import Counter
from tests.journeys.test_races import at_once

THREE = Limit(name="three", most=3, window=timedelta(minutes=10))


def test_every_limit_says_to_staff_what_it_counts() -> None:
    assert [limit.name for limit in all_limits() if not limit.words] == []
    assert THREE.label == "three", "a limit that is made while the portal runs"


def test_a_limit_is_the_same_in_every_language() -> None:
    assert len({THREE, replace(THREE, words="Three")}) == 1


def test_one_use_too_many_is_refused_and_says_until_when(db: None) -> None:
    for expected in (2, 1, 0):
        assert spend(THREE, "x", market="rs").left == expected
    with pytest.raises(LimitReached) as refused:
        spend(THREE, "x", market="rs")
    assert timedelta(minutes=9) < refused.value.until - timezone.now() <= timedelta(minutes=10)


def test_every_limit_says_in_words_what_it_counts() -> None:
    assert [limit.name for limit in all_limits() if limit.label == limit.name] == []


def test_what_is_given_back_may_be_used_again(db: None) -> None:
    spend_all([(THREE, "x"), (THREE, "y")], market="rs")
    assert left(THREE, "x", market="rs").left == 2
    give_back(THREE, ["x", "y"], market="rs")
    assert [left(THREE, subject, market="rs").left for subject in "xy"] == [3, 3]


def test_other_subjects_and_other_markets_count_apart(db: None) -> None:
    for _use in range(3):
        spend(THREE, "x", market="rs")
    assert left(THREE, "y", market="rs").left == 3
    assert left(THREE, "x", market="ru").left == 3


def test_a_window_begins_with_its_first_use_and_then_is_over(db: None) -> None:
    for _use in range(3):
        spend(THREE, "x", market="rs")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert spend(THREE, "x", market="rs").left == 2


def test_a_refused_use_does_not_make_the_window_longer(db: None) -> None:
    began = timezone.now()
    for _use in range(3):
        spend(THREE, "x", market="rs")
    with time_machine.travel(began + timedelta(minutes=9), tick=False), pytest.raises(LimitReached) as refused:
        spend(THREE, "x", market="rs")
    assert refused.value.until < began + timedelta(minutes=11)


def test_more_cannot_be_given_back_than_was_used(db: None) -> None:
    spend(THREE, "x", market="rs")
    for _time in range(3):
        give_back(THREE, ["x"], market="rs")
    assert [spend(THREE, "x", market="rs").left for _use in range(3)] == [2, 1, 0]


def test_what_is_forgotten_begins_anew(db: None) -> None:
    spend(THREE, "x", market="rs")
    forget(THREE, "x", market="rs")
    assert left(THREE, "x", market="rs").left == 3


def test_a_counter_names_nobody(db: None) -> None:
    spend(THREE, "jelena@example.test", market="rs")
    assert b"jelena" not in bytes(Counter.objects.get().key)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
    ],
)
def test_a_subscriber_is_one_whatever_their_last_64_bits(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_factor_scales_limits_by_address_only(db: None, settings: pytest.FixtureRequest) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 2.0})  # type: ignore[attr-defined]
    by = Actor("stranger", "", "203.0.113.7")
    for _use in range(6):
        spend_address(THREE, by=by, market="rs")
    with pytest.raises(LimitReached):
        spend_address(THREE, by=by, market="rs")


def test_several_limits_are_counted_with_one_statement_and_given_back_with_one(
    db: None, django_assert_num_queries: Any
) -> None:
    uses = [(THREE, "y"), (THREE, "x"), (THREE, "y")]
    with django_assert_num_queries(1):
        assert [tally.left for tally in spend_all(uses, market="rs")] == [1, 2, 1]
    with django_assert_num_queries(1):
        give_back_all(uses, market="rs")
    assert [left(THREE, subject, market="rs").left for subject in "xy"] == [3, 3]


def test_the_first_limit_that_is_exceeded_is_the_one_reported(db: None) -> None:
    once = replace(THREE, name="once", most=1)
    spend_all([(THREE, "x"), (once, "x")], market="rs")
    with pytest.raises(LimitReached) as refused:
        spend_all([(THREE, "x"), (once, "x")], market="rs")
    assert refused.value.limit == once


def test_only_failures_count_but_the_last_failure_ends_successes_too(db: None) -> None:
    tried = [(THREE, "x")]
    assert spend_failures(tried, failed=False, market="rs")[0].left == 3
    for expected in (2, 1, 0):
        assert spend_failures(tried, failed=True, market="rs")[0].left == expected
    for failed in (True, False):
        with pytest.raises(LimitReached):
            spend_failures(tried, failed=failed, market="rs")


def test_a_subject_that_is_named_twice_gets_one_use_back(db: None) -> None:
    spend(THREE, "x", market="rs")
    spend(THREE, "x", market="rs")
    give_back(THREE, ["x", "x"], market="rs")
    assert left(THREE, "x", market="rs").left == 2


@pytest.mark.django_db(transaction=True)
def test_simultaneous_callers_cannot_exceed_a_limit_or_block_each_other() -> None:
    orders = [["x", "y", "z"], ["z", "y", "x"]] * 6

    def use(subjects: list[str], *, failed: bool) -> bool:
        try:
            with transaction.atomic():
                spend_failures([(THREE, subject) for subject in subjects], failed=failed, market="rs")
        except LimitReached:
            return False
        return True

    failures = at_once(*(partial(use, order, failed=True) for order in orders))
    assert (failures.count(True), left(THREE, "x", market="rs").left) == (3, 0)
    assert at_once(*(partial(use, order, failed=False) for order in orders)).count(True) == 0
