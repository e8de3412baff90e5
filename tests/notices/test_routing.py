"""When a message goes to the next gateway, and when the first gateway is used again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.delivery import deliver
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.models import GatewayHealth, Message, State
from mypolis.foundation.notices.sms.health import MOST_FAILURES, REST
from tests.notices.fake_gateway import FakeSmsGateway
from tests.notices.fake_twilio import FakeTwilio

pytestmark = pytest.mark.django_db

type Write = Callable[..., Message]


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio().serving() as fake:
        yield fake


def _gateways(settings: Any, *urls: str) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_url": ", ".join(urls)})


@pytest.fixture
def http_first(settings: Any, partners: None, sms_gateway: FakeSmsGateway, twilio: FakeTwilio) -> None:
    _gateways(settings, sms_gateway.url, twilio.url())


@pytest.fixture
def twilio_first(settings: Any, partners: None, sms_gateway: FakeSmsGateway, twilio: FakeTwilio) -> None:
    _gateways(settings, twilio.url(), sms_gateway.url)


def _sent(message: Message) -> Message:
    """Return the message after one attempt, like a worker's; its job no longer exists."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock = %s", [str(message.pk)])
    deliver(message.pk)
    message.refresh_from_db()
    return message


def _kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="gateway.").order_by("pk").values_list("kind", flat=True))


# What must not happen


def test_a_message_that_the_first_may_have_taken_is_not_given_to_the_second(
    twilio_first: None, write: Write, twilio: FakeTwilio, sms_gateway: FakeSmsGateway
) -> None:
    twilio.moods.append(500)

    message = _sent(write("password-changed", "sms"))

    assert message.state == State.IN_DOUBT
    assert sms_gateway.requests == 0


def test_one_that_the_first_may_have_taken_stays_with_it_where_an_id_is_taken_once(
    http_first: None, write: Write, twilio: FakeTwilio, sms_gateway: FakeSmsGateway
) -> None:
    sms_gateway.moods.append("close")
    message = write("password-changed", "sms")

    assert _sent(message).state == State.QUEUED
    sms_gateway.moods.append("later")
    assert _sent(message).state == State.QUEUED
    assert _sent(message).state == State.TAKEN

    assert (len(sms_gateway.taken), sms_gateway.requests, twilio.taken) == (1, 3, [])


def test_a_worker_that_died_over_a_gateway_without_ids_leaves_the_message_in_doubt(
    twilio_first: None, write: Write, twilio: FakeTwilio
) -> None:
    message = write("password-changed", "sms")
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, gateway="twilio")

    assert _sent(message).state == State.IN_DOUBT
    assert twilio.taken == []


def test_a_number_that_the_first_refuses_for_good_does_not_go_round(
    twilio_first: None, write: Write, twilio: FakeTwilio, sms_gateway: FakeSmsGateway
) -> None:
    twilio.moods.append((400, 21211))

    assert _sent(write(channel="sms")).state == State.GIVEN_UP
    assert sms_gateway.requests == 0
    assert _kinds() == []
    assert not GatewayHealth.objects.exists()


def test_an_address_that_is_wrong_keeps_messages_waiting(settings: Any, write: Write) -> None:
    _gateways(settings, "nonsense")
    message = write(channel="sms")

    assert _sent(message).state == State.QUEUED


# What happens


def test_a_code_that_the_first_does_not_take_is_with_the_second_at_once(
    http_first: None, write: Write, twilio: FakeTwilio, sms_gateway: FakeSmsGateway
) -> None:
    sms_gateway.moods.append("later")

    message = _sent(write(channel="sms"))

    assert (message.state, message.gateway, message.attempts) == (State.TAKEN, "twilio", 1)
    assert [form["To"] for form in twilio.taken] == ["+381641234567"]


def test_a_code_that_the_first_may_have_taken_goes_to_the_second_too(
    twilio_first: None, write: Write, twilio: FakeTwilio, sms_gateway: FakeSmsGateway
) -> None:
    twilio.moods.append(500)

    message = _sent(write(channel="sms"))

    assert (message.state, message.gateway) == (State.TAKEN, "http")
    assert sms_gateway.requests == 1


def test_a_gateway_that_cannot_be_reached_is_left_alone_for_a_while(
    settings: Any, write: Write, twilio: FakeTwilio
) -> None:
    _gateways(settings, "http://127.0.0.1:1/", twilio.url())

    assert [_sent(write(channel="sms")).gateway for _ in range(3)] == ["twilio"] * 3

    row = GatewayHealth.objects.get(name="http")
    assert (row.failures, row.down_until is not None) == (1, True)
    assert _kinds() == [NoticeEvent.GATEWAY_DOWN]
    facts = Event.objects.get(kind=NoticeEvent.GATEWAY_DOWN).facts
    assert facts == {"reason": "ConnectError", "failures": 1}


def test_a_gateway_that_fails_several_times_in_a_row_is_left_alone_for_a_while(
    twilio_first: None, write: Write, twilio: FakeTwilio, sms_gateway: FakeSmsGateway
) -> None:
    twilio.moods.extend([429] * MOST_FAILURES)

    for _ in range(MOST_FAILURES + 2):
        assert _sent(write(channel="sms")).gateway == "http"

    assert not twilio.moods
    assert not twilio.taken
    assert _kinds() == [NoticeEvent.GATEWAY_DOWN]


def test_a_failure_now_and_then_counts_for_nothing(twilio_first: None, write: Write, twilio: FakeTwilio) -> None:
    for _ in range(MOST_FAILURES + 1):
        twilio.moods.append(429)
        assert _sent(write(channel="sms")).gateway == "http"
        assert _sent(write(channel="sms")).gateway == "twilio"

    assert _kinds() == []


def test_after_its_rest_one_message_tries_it_again_and_it_is_back(
    twilio_first: None, write: Write, twilio: FakeTwilio, sms_gateway: FakeSmsGateway
) -> None:
    twilio.moods.append(503)
    assert _sent(write(channel="sms")).gateway == "http"

    with time_machine.travel(timezone.now() + REST + timedelta(seconds=1), tick=False):
        assert _sent(write(channel="sms")).gateway == "twilio"
        assert _sent(write(channel="sms")).gateway == "twilio"

    assert _kinds() == [NoticeEvent.GATEWAY_DOWN, NoticeEvent.GATEWAY_UP]
    assert not GatewayHealth.objects.exclude(failures=0, down_until=None).exists()


def test_while_one_message_tries_it_again_the_others_do_not_wait(
    twilio_first: None, write: Write, twilio: FakeTwilio
) -> None:
    twilio.moods.extend([503, 503])
    _sent(write(channel="sms"))

    with time_machine.travel(timezone.now() + REST + timedelta(seconds=1), tick=False):
        assert [_sent(write(channel="sms")).gateway for _ in range(3)] == ["http"] * 3

    assert not twilio.moods
    assert _kinds() == [NoticeEvent.GATEWAY_DOWN]


def test_when_all_are_down_all_are_tried(settings: Any, write: Write, sms_gateway: FakeSmsGateway) -> None:
    GatewayHealth.objects.create(name="http", failures=9, down_until=timezone.now() + REST)
    GatewayHealth.objects.create(name="two", failures=9, down_until=timezone.now() + REST)
    _gateways(settings, sms_gateway.url, "http://127.0.0.1:1/#two")

    assert _sent(write(channel="sms")).gateway == "http"
    assert _kinds() == [NoticeEvent.GATEWAY_UP]
