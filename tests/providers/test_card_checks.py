"""A provider checks a card that somebody presents now, and learns nothing about anybody else."""

import pytest
import time_machine
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.insurance.providers import limits
from tests.cast import BUDI
from tests.ecard.holders import Holder
from tests.providers.clinic import CounterProgram, clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi() -> Holder:
    """Budi with an active card."""
    holder = Holder(BUDI)
    holder.activate()
    return holder


@pytest.fixture
def counter(budi: Holder) -> CounterProgram:
    return CounterProgram(clinic())


def test_strangers_and_partners_are_refused(counter: CounterProgram, budi: Holder) -> None:
    counter.text = "mypolis-provider-guessed"
    assert counter.post("card-checks", {"code": budi.code()}).status_code == 401
    counter.text = "\ud800"
    assert counter.client.get("/api/v1/id/provider").status_code == 401


def test_a_token_works_in_its_own_market_only(counter: CounterProgram) -> None:
    assert counter.me("ru").status_code == 401
    assert counter.me("xx").status_code in (401, 404)


def test_a_token_without_the_right_is_refused(budi: Holder) -> None:
    program = CounterProgram(clinic(), "card-checks")
    program.token.may = []
    program.token.save()
    assert program.post("card-checks", {"code": budi.code()}).status_code == 403


def test_a_provider_that_left_the_directory_is_refused_at_once(counter: CounterProgram) -> None:
    counter.provider.is_active = False
    counter.provider.save()
    assert counter.me().status_code == 401


def test_an_expired_token_is_refused(counter: CounterProgram) -> None:
    with time_machine.travel(counter.token.ends_at, tick=False):
        assert counter.me().status_code == 401


def test_a_number_or_a_name_is_no_code(counter: CounterProgram, budi: Holder) -> None:
    for text in ("Budi Santoso", "000123", budi.card, "", "x" * 50):
        assert counter.post("card-checks", {"code": text}).status_code == 404
    assert counter.post("card-checks", {"name": "Budi"}).status_code == 422


def test_whoever_tries_codes_is_stopped_and_others_are_not(
    counter: CounterProgram, budi: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mypolis.insurance.providers.card_checks.UNKNOWN_PROVIDER_CODES", _few())
    for _time in range(2):
        assert counter.post("card-checks", {"code": "guess"}).status_code == 404
    assert counter.post("card-checks", {"code": budi.code()}).status_code == 429
    other = CounterProgram(clinic("RS-2", "RS Harapan"))
    assert other.post("card-checks", {"code": budi.code()}).status_code == 200


def _few() -> limits.Limit:
    limit = limits.UNKNOWN_PROVIDER_CODES
    return limits.Limit(name=limit.name, most=2, window=limit.window)


def test_an_old_code_is_gone(counter: CounterProgram, budi: Holder) -> None:
    code = budi.code()
    with time_machine.travel(timezone.now() + limits.timedelta(hours=1)):
        assert counter.post("card-checks", {"code": code}).status_code == 410


def test_a_presented_card_is_confirmed_with_initials_only(counter: CounterProgram, budi: Holder) -> None:
    answer = counter.post("card-checks", {"code": budi.code()})
    assert answer.status_code == 200
    assert (answer.json()["outcome"], answer.json()["initials"]) == ("active", "B. S.")
    assert "Budi" not in answer.content.decode()
    event = Event.objects.filter(kind="card.checked").latest("pk")
    assert (event.actor_kind, event.actor_id) == ("provider", str(counter.provider.pk))
    assert len(budi.looks()) == 1


def test_the_address_in_the_qr_code_is_read_too(counter: CounterProgram, budi: Holder) -> None:
    url = budi.get(f"cards/{budi.card}/qr?use=now").json()["url"]
    assert counter.post("card-checks", {"code": url}).status_code == 200


def test_a_program_reads_who_it_is(counter: CounterProgram) -> None:
    answer = counter.me().json()
    assert (answer["code"], answer["name"], answer["may"]) == ("KM-01", "Klinik Melati", counter.token.may)
