"""Reports of partners. Strangers who try to send one learn nothing."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.models import Message, State
from mypolis.foundation.notices.receipts import receive
from tests.notices.fake_twilio import ACCOUNT, TOKEN, signed

pytestmark = pytest.mark.django_db

type Write = Callable[..., Message]
RECEIPTS, BOUNCES = "r" * 24, "b" * 24
BEARER = {"authorization": f"Bearer {RECEIPTS}"}


@pytest.fixture(autouse=True)
def partners_set(settings: Any, partners: None) -> None:
    urls = (
        f"https://gw.example/, twilio://{ACCOUNT}:{TOKEN}@api.twilio.com, kannel://a:b@k.example, smpp://a:b@c.example"
    )
    settings.MYPOLIS = settings.MYPOLIS.model_copy(
        update={"sms_url": urls, "receipts_token": RECEIPTS, "bounces_token": BOUNCES}
    )


def _taken(write: Write, gateway: str = "http", **changes: Any) -> Message:
    message = write(channel="sms")
    Message.objects.filter(pk=message.pk).update(
        **{"gateway": gateway, "state": State.TAKEN, "to": None, "context": None, "taken_at": timezone.now(), **changes}
    )
    return message


def _report(client: Client, message_id: object, status: str = "delivered", **headers: str) -> int:
    body = json.dumps({"id": str(message_id), "status": status, "reason": "042"})
    return client.post("/hooks/sms/http/", body, content_type="application/json", headers=headers or BEARER).status_code


def _form(fields: dict[str, str]) -> dict[str, Any]:
    return {"data": urlencode(fields), "content_type": "application/x-www-form-urlencoded"}


def _receipt(message: Message) -> str:
    message.refresh_from_db()
    return message.receipt


# Strangers


@pytest.mark.parametrize("gateway", ["http", "twilio", "kannel", "smpp"])
def test_a_stranger_cannot_tell_a_gateway_that_is_there_from_one_that_is_not(client: Client, gateway: str) -> None:
    address = f"/hooks/sms/{gateway}/"
    for method in (client.get, client.post):
        there, elsewhere = method(address), method("/hooks/sms/nobody/")
        assert (there.status_code, there.content) == (elsewhere.status_code, elsewhere.content)
        assert there.status_code == 404


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", f"Basic {RECEIPTS}", f"bearer {RECEIPTS}", "Bearer é"]
)
def test_a_report_without_the_token_is_not_found_and_changes_nothing(client: Client, write: Write, header: str) -> None:
    message = _taken(write)

    assert _report(client, message.pk, authorization=header) == 404
    assert _receipt(message) == ""


def test_without_a_token_set_nobody_may_report(client: Client, write: Write, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"receipts_token": None, "bounces_token": None})
    message = _taken(write)

    assert _report(client, message.pk, authorization="Bearer ") == 404
    assert client.post("/hooks/mail/bounces/", headers={"authorization": "Bearer "}).status_code == 404
    assert _receipt(message) == ""


def test_a_report_that_is_too_long_is_not_found(client: Client, write: Write) -> None:
    message = _taken(write)
    body = json.dumps({"id": str(message.pk), "status": "delivered", "reason": "x" * 40_000})

    assert client.post("/hooks/sms/http/", body, content_type="application/json", headers=BEARER).status_code == 404
    assert _receipt(message) == ""


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"id": 1}', '{"id": "x", "status": "delivered"}', "\0"])
def test_a_report_that_makes_no_sense_is_taken_and_forgotten(client: Client, body: str) -> None:
    answer = client.post("/hooks/sms/http/", body, content_type="application/json", headers=BEARER)

    assert (answer.status_code, answer.content) == (204, b"")


def test_an_id_that_nobody_knows_is_answered_like_any_other(client: Client) -> None:
    assert _report(client, uuid4()) == 204


def test_one_gateway_cannot_speak_for_another_s_messages(client: Client, write: Write) -> None:
    message = _taken(write, "twilio")

    assert _report(client, message.pk) == 204
    assert _receipt(message) == ""


# Receipts


def test_a_receipt_marks_the_message_with_its_time_and_an_event(client: Client, write: Write) -> None:
    message = _taken(write)

    assert _report(client, message.pk, "undeliverable") == 204

    assert _receipt(message) == "undeliverable"
    assert message.receipt_at is not None
    assert Event.objects.get(kind=NoticeEvent.MESSAGE_UNDELIVERABLE).facts == {"reason": "042"}


def test_a_receipt_that_comes_again_changes_nothing(client: Client, write: Write) -> None:
    message = _taken(write)
    _report(client, message.pk)
    _receipt(message)
    first = message.receipt_at

    assert [_report(client, message.pk, status) for status in ("delivered", "undeliverable")] == [204, 204]

    assert _receipt(message) == "delivered"
    assert message.receipt_at == first
    assert (
        Event.objects.filter(kind__in=[NoticeEvent.MESSAGE_DELIVERED, NoticeEvent.MESSAGE_UNDELIVERABLE]).count() == 1
    )


def test_a_message_that_arrived_after_all_is_delivered(client: Client, write: Write) -> None:
    message = _taken(write)

    for status in ("undeliverable", "delivered"):
        _report(client, message.pk, status)

    assert _receipt(message) == "delivered"


def test_a_receipt_may_come_before_the_gateway_s_answer(client: Client, write: Write) -> None:
    message = write(channel="sms")
    Message.objects.filter(pk=message.pk).update(gateway="http", state=State.SENDING)

    _report(client, message.pk)

    assert _receipt(message) == "delivered"
    assert message.state == State.SENDING


def test_a_message_in_doubt_that_arrived_was_taken(client: Client, write: Write) -> None:
    message = _taken(write, state=State.IN_DOUBT, taken_at=None)

    _report(client, message.pk)

    assert _receipt(message) == "delivered"
    assert message.state == State.TAKEN
    assert message.taken_at == message.receipt_at


def test_what_a_network_says_is_kept_as_a_code_without_personal_data(write: Write) -> None:
    message = _taken(write)

    receive(message.pk, gateway="http", outcome="undeliverable", reason="NACK/№ +381 64 absent é")

    assert Event.objects.get(kind=NoticeEvent.MESSAGE_UNDELIVERABLE).facts["reason"] == "NACK38164absent"


def test_twilio_reports_with_its_signature_over_our_address(client: Client, write: Write) -> None:
    message = _taken(write, "twilio")
    path = f"/hooks/sms/twilio/?message={message.pk}"
    fields = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005", "To": "+381641234567"}
    seal = signed(f"https://portal.example:8443{path}", fields)

    for wrong in ("", seal[:-4] + "AAA=", signed(f"https://portal.example:8443{path}", fields, "other")):
        assert client.post(path, headers={"x-twilio-signature": wrong}, **_form(fields)).status_code == 404
    assert _receipt(message) == ""

    assert client.post(path, headers={"x-twilio-signature": seal}, **_form(fields)).status_code == 204
    assert _receipt(message) == "undeliverable"


def test_a_signature_of_twilio_is_good_for_its_own_message_only(client: Client, write: Write) -> None:
    one, other = _taken(write, "twilio"), _taken(write, "twilio")
    fields = {"MessageStatus": "undelivered"}
    seal = signed(f"https://portal.example:8443/hooks/sms/twilio/?message={one.pk}", fields)

    path = f"/hooks/sms/twilio/?message={other.pk}"

    assert client.post(path, headers={"x-twilio-signature": seal}, **_form(fields)).status_code == 404
    assert _receipt(other) == ""


def test_what_is_not_final_is_not_kept(client: Client, write: Write) -> None:
    message = _taken(write, "twilio")
    path = f"/hooks/sms/twilio/?message={message.pk}"
    fields = {"MessageStatus": "sent"}
    seal = signed(f"https://portal.example:8443{path}", fields)

    assert client.post(path, headers={"x-twilio-signature": seal}, **_form(fields)).status_code == 204
    assert _receipt(message) == ""


@pytest.mark.parametrize(
    ("status", "receipt"), [("1", "delivered"), ("2", "undeliverable"), ("8", ""), ("16", "undeliverable")]
)
def test_kannel_calls_the_address_that_it_was_given(client: Client, write: Write, status: str, receipt: str) -> None:
    message = _taken(write, "kannel")
    basic = base64.b64encode(f"kannel:{RECEIPTS}".encode()).decode()

    address = f"/hooks/sms/kannel/?message={message.pk}&status={status}"

    assert client.get(address, headers={"authorization": "Basic wrong"}).status_code == 404
    assert _receipt(message) == ""
    assert client.get(address, headers={"authorization": f"Basic {basic}"}).status_code == 204
    assert _receipt(message) == receipt
