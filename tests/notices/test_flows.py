import json
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.flows import send, withdraw
from mypolis.foundation.notices.models import Message, State

pytestmark = pytest.mark.django_db

type Write = Callable[..., Message]

STAFF = Actor("staff", "7")


def test_a_message_whose_transaction_fails_leaves_neither_message_nor_job(write: Write) -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert not ProcrastinateJob.objects.exists()
    assert not Event.objects.exists()


def test_an_unknown_template_is_refused(write: Write) -> None:
    with pytest.raises(ValueError, match="no template 'code-red' for email"):
        write("code-red", context={})


def test_a_template_is_refused_on_a_channel_that_it_has_not(write: Write) -> None:
    with pytest.raises(ValueError, match="no template 'invitation' for sms"):
        write("invitation", channel="sms")


def test_a_language_that_the_market_has_not_is_refused(write: Write) -> None:
    with pytest.raises(ValueError, match="'ru' is no language of market 'rs'"):
        write(language="ru")


@pytest.mark.parametrize("context", [{}, {"username": "x"}, {"username": "x", "signin_url": "y", "more": 1}])
def test_a_context_with_other_keys_than_the_template_takes_is_refused(write: Write, context: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="'username' takes"):
        write("username", context=context)


def test_a_message_is_queued_with_one_job_that_knows_only_its_id(write: Write) -> None:
    message = write()

    job = ProcrastinateJob.objects.get()
    assert job.args == {"message_id": str(message.pk)}
    assert message.state == State.QUEUED
    assert message.taken_at is None


def test_codes_have_a_queue_and_a_priority_above_bulk_mail(write: Write) -> None:
    write("invitation")
    write("code")

    bulk, code = ProcrastinateJob.objects.order_by("id")
    assert (bulk.queue_name, code.queue_name) == ("mail", "codes")
    assert code.priority > bulk.priority


def test_address_and_contents_are_sealed_in_the_database(write: Write) -> None:
    write()

    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM notices_message m")
        row = cursor.fetchone()[0]
    for secret in ("mira@mail.example", "482915"):
        assert secret not in row
        assert secret.encode().hex() not in row


def test_neither_events_nor_jobs_hold_anything_personal(write: Write) -> None:
    withdraw(write("invitation"), by=STAFF)
    write("code", channel="sms")

    kept = json.dumps(list(Event.objects.values("facts", "subject", "client")), default=str)
    kept += json.dumps(list(ProcrastinateJob.objects.values("args", "lock", "queueing_lock")))
    for secret in ("mira@", "+3816", "482915", "Анна", "ДМС", "portal.example"):
        assert secret not in kept


def test_the_event_of_a_message_names_who_sent_it(write: Write) -> None:
    message = write(by=STAFF)

    event = Event.objects.get(kind=NoticeEvent.MESSAGE_QUEUED)
    assert (event.actor_kind, event.actor_id, event.market) == ("staff", "7", "rs")
    assert event.subject == f"notices.message:{message.pk}"
    assert event.facts == {"template": "code", "channel": "email"}


def test_a_withdrawn_message_is_wiped_and_told(write: Write) -> None:
    message = write()

    assert withdraw(message, by=STAFF)

    message.refresh_from_db()
    assert (message.state, message.to, message.context) == (State.WITHDRAWN, None, None)
    assert Event.objects.get(kind=NoticeEvent.MESSAGE_WITHDRAWN).actor_id == "7"


@pytest.mark.parametrize("state", [State.SENDING, State.TAKEN, State.GIVEN_UP, State.WITHDRAWN, State.IN_DOUBT])
def test_only_a_waiting_message_can_be_withdrawn(write: Write, state: State) -> None:
    message = write()
    Message.objects.update(state=state, to=None, context=None)

    assert not withdraw(message, by=STAFF)

    assert Message.objects.get().state == state
    assert not Event.objects.filter(kind=NoticeEvent.MESSAGE_WITHDRAWN).exists()


def test_the_database_refuses_a_final_message_that_still_holds_its_contents(write: Write) -> None:
    write()

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(state=State.TAKEN)


def test_sending_takes_three_queries(write: Write, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with transaction.atomic(), django_assert_num_queries(3):
        write()


def test_send_is_keyword_only() -> None:
    with pytest.raises(TypeError):
        send("rs", "email")  # type: ignore[call-arg]
