"""A clinic's program asks for a guarantee for the person in front of it, and for nobody else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mypolis.foundation.markets import market
from mypolis.insurance.guarantees.models import Guarantee
from tests.cast import BUDI
from tests.coverage.books import loaded
from tests.ecard.holders import Holder
from tests.guarantees.world import melati
from tests.providers.clinic import CounterProgram

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi(tmp_path: Path, folder: Path) -> Holder:
    """Budi with an active card and a plan."""
    loaded(tmp_path)
    holder = Holder(BUDI)
    holder.account.person.memberships.update(plan="gold")
    holder.activate()
    return holder


def request(code: str, **changes: Any) -> dict[str, Any]:
    day = (market("id").today() + timedelta(days=7)).isoformat()
    values = {"code": code, "benefit": "drugs", "planned_from": day, "planned_to": day, "expected": "600.00"}
    return values | changes


def test_a_token_without_the_right_is_refused(budi: Holder) -> None:
    program = CounterProgram(melati(), "card-checks")
    assert program.post("guarantees", request(budi.code())).status_code == 403
    assert not Guarantee.objects.exists()


def test_nobody_is_asked_for_without_their_card(budi: Holder) -> None:
    program = CounterProgram(melati())
    for code in ("000123", "Budi Santoso", budi.card):
        assert program.post("guarantees", request(code)).status_code == 404
    assert not Guarantee.objects.exists()


def test_what_cannot_be_used_is_refused(budi: Holder) -> None:
    program = CounterProgram(melati())
    for changes in ({"benefit": "massage"}, {"expected": "-5"}, {"planned_from": "2026-02-31"}, {"expected": "0"}):
        assert program.post("guarantees", request(budi.code(), **changes)).status_code == 422
    assert not Guarantee.objects.exists()


def test_a_clinic_asks_for_whoever_shows_their_card(budi: Holder) -> None:
    program = CounterProgram(melati())
    answer = program.post("guarantees", request(budi.code()))
    made = Guarantee.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "number": made.number,
        "state": "asked",
        "promised": None,
        "own_share": None,
        "currency": "IDR",
        "valid_until": None,
    }
    assert (made.membership, made.account, made.provider) == (budi.membership, None, program.provider)
