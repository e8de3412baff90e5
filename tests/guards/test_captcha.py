"""Attacks on the captcha: a proof is accepted once, in its market and before it expires."""

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.captcha import HARDEST, LIFE, WAIT, challenge, is_human, signed_form
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.guards.limits import WAITED_FORMS
from tests.registration.steps import solved

BY = Actor("stranger", "", "203.0.113.7")


def passes(payload: str, *, market: str = "rs", by: Actor = BY) -> bool:
    """Whether the captcha accepts this."""
    return is_human(payload, market=market, by=by)


def altered(payload: str, **changes: Any) -> str:
    """Return the same solution with changed members."""
    return base64.b64encode(json.dumps({**json.loads(base64.b64decode(payload)), **changes}).encode()).decode()


def sixteen_at_once(attack: Callable[[int], bool]) -> list[bool]:
    """Run the attack in sixteen threads at once, each with its own connection."""
    barrier = Barrier(16)

    def run(number: int) -> bool:
        try:
            connection.ensure_connection()
            barrier.wait()
            return attack(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(run, range(16)))


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_replays_at_once_one_passes() -> None:
    proof = solved("rs")
    assert sixteen_at_once(lambda _number: passes(proof)).count(True) == 1
    assert not passes(proof)


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_spellings_of_one_solution_one_passes() -> None:
    proof = solved("rs")
    assert sixteen_at_once(lambda number: passes(altered(proof, took=number))).count(True) == 1


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_replays_of_a_waited_form_one_passes() -> None:
    form = f"form:{signed_form('rs')}"
    with time_machine.travel(timezone.now() + WAIT + timedelta(seconds=1), tick=False):
        assert sixteen_at_once(lambda _number: passes(form)).count(True) == 1


def test_a_solution_passes_in_its_life_and_not_after_it(db: None) -> None:
    early, late = solved("rs"), solved("rs")
    with time_machine.travel(timezone.now() + LIFE - timedelta(seconds=5), tick=False):
        assert passes(early)
    with time_machine.travel(timezone.now() + LIFE + timedelta(seconds=5), tick=False):
        assert not passes(late)


def test_a_solution_of_another_market_is_none(db: None) -> None:
    proof = solved("id")
    assert not passes(proof, market="rs")
    assert passes(proof, market="id")


@pytest.mark.parametrize("member", ["challenge", "salt", "signature", "algorithm", "number"])
def test_a_forged_member_of_a_solution_is_seen(db: None, member: str) -> None:
    proof = solved("rs")
    changed = {"challenge": "0" * 64, "salt": "00?expires=9999999999", "signature": "0" * 64, "algorithm": "SHA-1"}
    assert not passes(altered(proof, **{member: changed.get(member, HARDEST + 1)}))


def test_a_life_made_longer_by_the_sender_is_seen(db: None) -> None:
    proof = solved("rs")
    salt = str(json.loads(base64.b64decode(proof))["salt"])
    longer = altered(proof, salt=salt.replace("expires=", "expires=9"))
    assert not passes(longer)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "x",
        "form:",
        "form:x:y:z",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"[" * 50_000).decode(),
        base64.b64encode(b'{"number":{}}').decode(),
    ],
)
def test_rubbish_is_no_proof(db: None, payload: str) -> None:
    assert not passes(payload)


def test_a_form_is_good_from_five_seconds_on_until_its_life_ends(db: None) -> None:
    made_at, forms = timezone.now(), [f"form:{signed_form('rs')}" for _time in range(3)]
    for form, seconds, good in zip(forms, (4, 6, LIFE.total_seconds() + 1), (False, True, False), strict=True):
        with time_machine.travel(made_at + timedelta(seconds=seconds), tick=False):
            assert passes(form) is good


def test_a_form_of_another_market_is_none(db: None) -> None:
    form = f"form:{signed_form('id')}"
    with time_machine.travel(timezone.now() + timedelta(seconds=6), tick=False):
        assert not passes(form, market="rs")


def test_waiting_is_under_a_tighter_limit_than_working(db: None) -> None:
    forms = [f"form:{signed_form('rs')}" for _time in range(WAITED_FORMS.most + 1)]
    with time_machine.travel(timezone.now() + timedelta(seconds=6), tick=False):
        assert all(passes(form) for form in forms[:-1])
        with pytest.raises(LimitReached):
            passes(forms[-1])
        assert passes(solved("rs"))


def test_two_challenges_are_never_the_same() -> None:
    assert len({str(challenge("rs")["challenge"]) for _time in range(50)}) == 50
