import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from structlog.testing import capture_logs

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.kinds import Kind
from mypolis.foundation.events.models import Event
from mypolis.foundation.notices import bounces, rendering
from mypolis.foundation.notices.bounces import Bounce
from mypolis.foundation.notices.delivery import deliver
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.flows import withdraw
from mypolis.foundation.notices.jobs import rescue_messages
from mypolis.foundation.notices.models import Message, State
from tests.notices.fake_gateway import FakeMailServer, FakeSmsGateway

pytestmark = pytest.mark.django_db

type Write = Callable[..., Message]


def _delivered(message: Message) -> Message:
    deliver(message.pk)
    message.refresh_from_db()
    return message


def _facts_of(kind: Kind) -> dict[str, Any]:
    return dict(Event.objects.get(kind=kind).facts)


def _worker_dies_while_sending(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, attempts=1)


def _forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


# What must not go out


def test_a_withdrawn_message_does_not_go_out(write: Write, mail_server: FakeMailServer) -> None:
    message = write()
    withdraw(message, by=SYSTEM)

    assert _delivered(message).state == State.WITHDRAWN
    assert mail_server.connections == 0


def test_a_code_that_can_no_longer_be_used_does_not_go_out(write: Write, mail_server: FakeMailServer) -> None:
    message = write(useless_after=timezone.now() - timedelta(seconds=1))

    delivered = _delivered(message)

    assert (delivered.state, delivered.to, delivered.context) == (State.WITHDRAWN, None, None)
    assert mail_server.connections == 0
    assert _facts_of(NoticeEvent.MESSAGE_WITHDRAWN) == {"reason": "useless", "attempts": 0}


def test_a_message_older_than_a_day_is_given_up(write: Write, mail_server: FakeMailServer) -> None:
    message = write("invitation")

    with time_machine.travel(timezone.now() + timedelta(hours=24), tick=False):
        assert _delivered(message).state == State.GIVEN_UP
    assert mail_server.connections == 0


def test_a_message_that_nobody_knows_is_left_alone(mail_server: FakeMailServer) -> None:
    deliver(uuid4())

    assert mail_server.connections == 0


def test_a_message_that_cannot_be_written_is_given_up(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    message = write()
    monkeypatch.setattr(rendering, "brand_of", lambda market: 1 / 0)

    assert _delivered(message).state == State.GIVEN_UP
    assert _facts_of(NoticeEvent.MESSAGE_GIVEN_UP)["reason"] == "ZeroDivisionError"


# What the partners refuse


def test_an_email_that_the_server_refuses_for_good_is_given_up(write: Write, mail_server: FakeMailServer) -> None:
    mail_server.at_rcpt.append("550 no such mailbox")

    delivered = _delivered(write())

    assert (delivered.state, delivered.to, delivered.context) == (State.GIVEN_UP, None, None)
    assert _facts_of(NoticeEvent.MESSAGE_GIVEN_UP) == {"reason": "smtp 550", "attempts": 1}


def test_an_sms_that_the_gateway_refuses_for_good_is_given_up(write: Write, sms_gateway: FakeSmsGateway) -> None:
    sms_gateway.moods.append("never")

    assert _delivered(write(channel="sms")).state == State.GIVEN_UP
    assert _facts_of(NoticeEvent.MESSAGE_GIVEN_UP) == {"reason": "http 422", "attempts": 1}


def test_an_sms_is_given_up_where_no_gateway_is_set(write: Write, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_url": None})

    assert _delivered(write(channel="sms")).state == State.GIVEN_UP


def test_a_refusal_for_now_is_tried_again_with_a_growing_wait(write: Write, mail_server: FakeMailServer) -> None:
    mail_server.at_rcpt.extend(["451 later"] * 3)
    message = write("invitation")
    waits = []
    for _ in range(3):
        _forget_jobs()
        assert _delivered(message).state == State.QUEUED
        job = ProcrastinateJob.objects.get(queueing_lock=str(message.pk))
        assert job.scheduled_at is not None
        waits.append(round((job.scheduled_at - timezone.now()).total_seconds()))

    assert waits == [5, 20, 60]
    assert mail_server.mails == []
    assert _delivered(message).state == State.TAKEN
    assert len(mail_server.mails) == 1
    assert message.attempts == 4


def test_a_code_is_not_tried_again_beyond_its_use(write: Write, sms_gateway: FakeSmsGateway) -> None:
    sms_gateway.moods.append("later")
    message = write(channel="sms", useless_after=timezone.now() + timedelta(seconds=4))

    assert _delivered(message).state == State.GIVEN_UP
    assert _facts_of(NoticeEvent.MESSAGE_GIVEN_UP)["reason"] == "http 503"


def test_a_partner_that_does_not_answer_at_all_is_tried_again(write: Write, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"})
    _forget_jobs()
    message = write()
    _forget_jobs()

    assert _delivered(message).state == State.QUEUED


def test_a_retried_message_can_still_be_withdrawn(write: Write, mail_server: FakeMailServer) -> None:
    mail_server.at_rcpt.append("451 later")
    message = write()
    _forget_jobs()
    deliver(message.pk)

    assert withdraw(message, by=SYSTEM)
    assert _delivered(message).state == State.WITHDRAWN


# Never twice


def test_a_message_that_was_taken_does_not_go_out_again(write: Write, mail_server: FakeMailServer) -> None:
    message = _delivered(write())

    deliver(message.pk)

    assert len(mail_server.mails) == 1


def test_an_email_whose_worker_died_while_sending_is_in_doubt(write: Write, mail_server: FakeMailServer) -> None:
    message = write()
    _worker_dies_while_sending(message)

    delivered = _delivered(message)

    assert (delivered.state, delivered.to, delivered.context) == (State.IN_DOUBT, None, None)
    assert mail_server.connections == 0
    assert _facts_of(NoticeEvent.MESSAGE_IN_DOUBT) == {"reason": "interrupted", "attempts": 1}


def test_an_email_whose_server_breaks_off_after_the_contents_is_in_doubt(
    write: Write, mail_server: FakeMailServer
) -> None:
    mail_server.at_data.append("close")

    assert _delivered(write()).state == State.IN_DOUBT
    assert len(mail_server.mails) == 1


def test_an_sms_whose_worker_died_while_sending_is_posted_again_and_taken_once(
    write: Write, sms_gateway: FakeSmsGateway
) -> None:
    sms_gateway.moods.append("close")
    message = write(channel="sms")
    _forget_jobs()
    deliver(message.pk)
    _worker_dies_while_sending(message)

    assert _delivered(message).state == State.TAKEN
    assert sms_gateway.requests == 2
    assert len(sms_gateway.taken) == 1


def test_an_sms_that_was_being_sent_when_its_time_ended_is_in_doubt(write: Write, sms_gateway: FakeSmsGateway) -> None:
    message = write(channel="sms", useless_after=timezone.now() - timedelta(seconds=1))
    _worker_dies_while_sending(message)

    assert _delivered(message).state == State.IN_DOUBT
    assert sms_gateway.requests == 0


@pytest.mark.parametrize("way", ["withdrawn", "useless", "given up"])
def test_an_sms_that_a_gateway_may_have_is_in_doubt_however_it_ends(
    write: Write, sms_gateway: FakeSmsGateway, way: str
) -> None:
    sms_gateway.moods.extend(["close", "later"])
    message = write(channel="sms")
    _forget_jobs()
    assert _delivered(message).state == State.QUEUED
    _forget_jobs()

    if way == "withdrawn":
        assert withdraw(message, by=SYSTEM)
    elif way == "useless":
        Message.objects.update(useless_after=timezone.now())
    else:
        Message.objects.update(useless_after=timezone.now() + timedelta(seconds=4))

    assert _delivered(message).state == State.IN_DOUBT
    assert len(sms_gateway.taken) == 1
    assert Event.objects.filter(kind=NoticeEvent.MESSAGE_IN_DOUBT).count() == 1


# What goes out


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_message_that_is_taken_keeps_the_time_and_loses_its_contents(write: Write, channel: str) -> None:
    before = timezone.now()

    delivered = _delivered(write(channel=channel))

    assert delivered.state == State.TAKEN
    assert delivered.taken_at is not None
    assert before < delivered.taken_at <= timezone.now()
    assert (delivered.to, delivered.context, delivered.attempts) == (None, None, 1)
    assert delivered.provider_id == ("gw-1" if channel == "sms" else f"<{delivered.pk}@portal.example>")
    assert Event.objects.get(kind=NoticeEvent.MESSAGE_TAKEN).actor_kind == "system"


def test_the_gateway_gets_number_text_sender_and_id(write: Write, sms_gateway: FakeSmsGateway) -> None:
    message = _delivered(write(channel="sms"))

    assert sms_gateway.refused == []
    taken = sms_gateway.taken[str(message.pk)]
    assert taken["to"] == "+381641234567"
    assert taken["text"].splitlines()[-1] == "@portal.example #482915"


# Decoys


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_decoy_is_taken_like_any_other_and_nothing_goes_out(
    write: Write, channel: str, mail_server: FakeMailServer, sms_gateway: FakeSmsGateway
) -> None:
    message = write(channel=channel, to=None)
    assert ProcrastinateJob.objects.get().args == {"message_id": str(message.pk)}

    delivered = _delivered(message)

    assert delivered.state == State.TAKEN
    assert delivered.taken_at is not None
    assert (mail_server.connections, sms_gateway.requests) == (0, 0)


def test_a_decoy_takes_as_long_as_the_last_real_message(write: Write, sms_gateway: FakeSmsGateway) -> None:
    sms_gateway.slowness = 0.3
    sms_gateway.moods.append("slow")
    deliver(write(channel="sms").pk)
    decoy = write(channel="sms", to=None)
    began = timezone.now()

    assert _delivered(decoy).state == State.TAKEN
    assert timezone.now() - began >= timedelta(seconds=0.3)


def test_a_decoy_waits_like_real_messages_while_the_provider_fails(write: Write, sms_gateway: FakeSmsGateway) -> None:
    sms_gateway.moods.append("later")
    real, decoy = write(channel="sms"), write(channel="sms", to=None)
    _forget_jobs()

    assert _delivered(real).state == State.QUEUED
    assert _delivered(decoy).state == State.QUEUED


def test_a_decoy_learns_nothing_from_a_message_that_was_refused_for_good(
    write: Write, sms_gateway: FakeSmsGateway
) -> None:
    sms_gateway.moods.append("never")
    deliver(write(channel="sms").pk)

    assert _delivered(write(channel="sms", to=None)).state == State.TAKEN


# Messages that lost their job


def test_a_message_that_lost_its_job_gets_a_new_one(write: Write) -> None:
    lost, young, kept = write(), write(), write()
    Message.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock <> %s", [str(kept.pk)])

    rescue_messages(0)

    jobs = ProcrastinateJob.objects.values_list("queueing_lock", flat=True)
    assert sorted(lock or "" for lock in jobs) == sorted([str(lost.pk), str(kept.pk)])


def test_a_message_that_lost_its_job_and_cannot_be_decrypted_ends_within_a_day(write: Write) -> None:
    message = write("invitation")
    _forget_jobs()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_message SET context = 'broken', \"to\" = 'broken'")

    with time_machine.travel(timezone.now() + timedelta(hours=24), tick=False):
        rescue_messages(0)

    message.refresh_from_db()
    assert message.state == State.GIVEN_UP


# Logs


def test_logs_hold_nothing_personal(
    write: Write, mail_server: FakeMailServer, sms_gateway: FakeSmsGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mail_server.at_rcpt.append("550 mira@mail.example is unknown")
    sms_gateway.moods.append("later")
    messages = [write(), write(channel="sms"), write("invitation")]
    _forget_jobs()

    with capture_logs() as ours:
        for message in messages:
            deliver(message.pk)

    theirs = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # the fake's own
    assert [line["event"] for line in ours] == ["message.failed", "message.failed"]
    for secret in ("mira@mail.example", "+381641234567", "482915", "Анна"):
        assert secret not in f"{ours} {theirs}"


# Addresses that are none


@pytest.mark.parametrize(
    ("answer", "is_reported"),
    [
        ("550 5.1.1 no such user", True),
        ("550 no such user", True),
        ("553 5.1.3 bad address", True),
        ("551 5.1.6 moved", True),
        ("550 5.2.1 disabled", True),
        ("550 5.7.1 looks like spam", False),
        ("552 5.2.2 mailbox full", False),
        ("554 5.7.1 blocked", False),
        ("450 4.1.1 not now", False),
    ],
)
def test_only_an_address_that_is_none_is_told_to_the_rooms_above(
    write: Write, mail_server: FakeMailServer, monkeypatch: pytest.MonkeyPatch, answer: str, is_reported: bool
) -> None:
    heard: list[Bounce] = []
    monkeypatch.setattr(bounces, "declared", lambda _name: [lambda bounce, by: heard.append(bounce)])
    mail_server.at_rcpt.append(answer)
    message = write("invitation")
    _forget_jobs()

    deliver(message.pk)

    assert [(bounce.address, bounce.market, bounce.cause) for bounce in heard] == (
        [("mira@mail.example", "rs", "refused")] if is_reported else []
    )


def test_spam_refused_with_the_contents_says_nothing_of_the_address(
    write: Write, mail_server: FakeMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces, "declared", lambda _name: [lambda bounce, by: pytest.fail("told")])
    mail_server.at_data.append("550 5.7.1 looks like spam")

    assert _delivered(write()).state == State.GIVEN_UP
