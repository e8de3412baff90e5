"""A decision is taken back while it is recorded, with two connections: whoever locks the claim first wins."""

from collections.abc import Callable
from functools import partial
from threading import Event as Signal
from typing import Any

import pytest
from django.db import transaction

from mypolis.insurance.claims.desk.outcomes import waiting
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.models import Decision, WaitingDecision
from mypolis.membership.accounts.models import Account
from tests.claims.desk.test_waiting import enters, takes, takes_back
from tests.claims.world import reread, sent
from tests.journeys.test_races import at_once
from tests.staff.world import colleague


@pytest.mark.django_db(transaction=True)
def test_of_taking_back_and_recording_at_once_exactly_one_happens(budi: Account) -> None:
    rina = colleague("Rina", "assessor", market="id")
    claim = takes(rina, sent(budi))
    enters(rina, claim)
    key = WaitingDecision.objects.get().pk

    def back() -> bool:
        try:
            takes_back(rina, claim)
        except Refused:
            return False
        return True

    def recorded() -> bool:
        return waiting.record_waiting(key) is not None

    was_back, was_recorded = at_once(back, recorded)
    assert was_back != was_recorded
    assert Decision.objects.exists() == was_recorded
    assert reread(claim).state == ("to_be_paid" if was_recorded else "in_review")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["taking back", "recording"])
def test_whoever_is_first_wins_and_the_other_waits_for_them(budi: Account, first: str) -> None:
    rina = colleague("Rina", "assessor", market="id")
    claim = takes(rina, sent(budi))
    enters(rina, claim)
    key = WaitingDecision.objects.get().pk
    has_lock = Signal()
    acts: dict[str, Callable[[], Any]] = {
        "taking back": partial(takes_back, rina, claim),
        "recording": partial(waiting.record_waiting, key),
    }
    (second,) = set(acts) - {first}

    def leads() -> Any:
        with transaction.atomic():
            done = acts[first]()
            has_lock.set()
        return done

    def follows() -> Any:
        assert has_lock.wait(30)
        try:
            return acts[second]()
        except Refused as refused:
            return refused.why

    _led, followed = at_once(leads, follows)
    if first == "recording":
        assert (followed, reread(claim).state) == (Why.TOO_LATE, "to_be_paid")
    else:
        assert (followed, reread(claim).state) == (None, "in_review")
