"""What partners may report, and what strangers learn from trying: nothing."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.events.kinds import Kind
from mypolis.events.models import Event
from mypolis.notices import bounces
from mypolis.notices.bounces import Bounce
from mypolis.notices.models import Message, State
from mypolis.notices.receipts import receive
from tests.notices.fake_twilio import ACCOUNT, TOKEN, signed

pytestmark = pytest.mark.django_db

type Write = Callable[..., Message]
RECEIPTS, BOUNCES = "r" * 24, "b" * 24
BEARER = {"authorization": f"Bearer {RECEIPTS}"}


@pytest.fixture(autouse=True)
def _set(settings: Any, partners: None) -> None:
    urls = (
        f"https://gw.example/, twilio://{ACCOUNT}:{TOKEN}@api.twilio.com, kannel://a:b@k.example, smpp://a:b@c.example"
    )
    settings.MYPOLIS = settings.MYPOLIS.model_copy(
        update={"sms_url": urls, "receipts_token": RECEIPTS, "bounces_token": BOUNCES}
    )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Bounce]:
    """The bounces that rooms above were told of."""
    heard: list[Bounce] = []
    monkeypatch.setattr(bounces, "_listeners", [lambda bounce, by: heard.append(bounce)])
    return heard


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
    assert Event.objects.get(kind=Kind.MESSAGE_UNDELIVERABLE).facts == {"reason": "042"}


def test_a_receipt_that_comes_again_changes_nothing(client: Client, write: Write) -> None:
    message = _taken(write)
    _report(client, message.pk)
    _receipt(message)
    first = message.receipt_at

    assert [_report(client, message.pk, status) for status in ("delivered", "undeliverable")] == [204, 204]

    assert _receipt(message) == "delivered"
    assert message.receipt_at == first
    assert Event.objects.filter(kind__in=[Kind.MESSAGE_DELIVERED, Kind.MESSAGE_UNDELIVERABLE]).count() == 1


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

    assert Event.objects.get(kind=Kind.MESSAGE_UNDELIVERABLE).facts["reason"] == "NACK38164absent"


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


# Bounces


def _bounce(client: Client, body: object, token: str = BOUNCES) -> int:
    headers = {"authorization": f"Bearer {token}"}
    answer = client.post("/hooks/mail/bounces/", json.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code


def test_a_bounce_is_told_to_the_rooms_above(client: Client, told: list[Bounce]) -> None:
    at = timezone.now() - timedelta(hours=1)

    assert _bounce(client, {"address": "Mira@mail.example", "cause": "complained", "at": at.isoformat()}) == 204

    assert told == [Bounce(address="Mira@mail.example", market="", cause="complained", at=at)]


@pytest.mark.parametrize(
    "body",
    [
        [], {}, {"address": "mira@mail.example"}, {"cause": "bounced"}, {"address": "mira", "cause": "bounced"},
        {"address": "a@b", "cause": "bounced", "at": "yesterday"}, {"address": "a@b", "cause": ["bounced"]},
        {"address": "a@b", "cause": "bounced", "at": "2026-11-20T10:00:00"}, {"address": {"x": 1}, "cause": "bounced"},
        {"address": "a@" + "b" * 300, "cause": "bounced"}, {"address": "a@b", "cause": "bounced", "at": "2026-13-45"},
    ],
)  # fmt: skip
def test_a_bounce_that_makes_no_sense_is_taken_and_forgotten(client: Client, told: list[Bounce], body: object) -> None:
    assert _bounce(client, body) == 204
    assert told == []


def test_a_bounce_without_the_token_is_not_found(client: Client, told: list[Bounce]) -> None:
    assert _bounce(client, {"address": "mira@mail.example", "cause": "bounced"}, token=RECEIPTS) == 404
    assert client.post("/hooks/mail/nobody/").status_code == 404
    assert client.get("/hooks/mail/bounces/").status_code == 405
    assert told == []


def test_a_bounce_of_tomorrow_is_one_of_now(client: Client, told: list[Bounce]) -> None:
    _bounce(client, {"address": "a@b", "cause": "bounced", "at": (timezone.now() + timedelta(days=1)).isoformat()})

    assert told[0].at <= timezone.now()


def _mailgun(event: dict[str, object], *, key: str = BOUNCES, timestamp: int | None = None) -> dict[str, object]:
    stamp, token = str(timestamp or int(timezone.now().timestamp())), token_hex(25)
    seal = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"signature": {"timestamp": stamp, "token": token, "signature": seal}, "event-data": event}


def _to_mailgun_s(client: Client, body: object) -> int:
    return client.post("/hooks/mail/mailgun/", json.dumps(body), content_type="application/json").status_code


def _ago(**time: float) -> int:
    return int((timezone.now() - timedelta(**time)).timestamp())


GONE: dict[str, object] = {"event": "failed", "severity": "permanent", "recipient": "mira@mail.example"}


def test_mailgun_reports_with_its_signature(client: Client, told: list[Bounce]) -> None:
    an_hour_ago = _ago(hours=1)
    assert _to_mailgun_s(client, _mailgun(GONE, key="other")) == 404
    assert _to_mailgun_s(client, {"event-data": GONE}) == 404
    assert _to_mailgun_s(client, _mailgun(GONE, timestamp=an_hour_ago)) == 204
    assert _to_mailgun_s(client, _mailgun({"event": "complained", "recipient": "mira@mail.example"})) == 204

    assert [(bounce.address, bounce.cause) for bounce in told] == [
        ("mira@mail.example", "bounced"),
        ("mira@mail.example", "complained"),
    ]
    assert told[0].at.timestamp() == an_hour_ago


def test_a_signature_of_mailgun_is_good_once_whatever_it_is_sent_with(client: Client, told: list[Bounce]) -> None:
    body = _mailgun(GONE)
    assert _to_mailgun_s(client, body) == 204
    assert _to_mailgun_s(client, body | {"event-data": GONE | {"recipient": "jelena@mail.example"}}) == 204
    assert _to_mailgun_s(client, body) == 204

    assert [bounce.address for bounce in told] == ["mira@mail.example"]


def test_a_signature_that_came_with_other_news_signs_no_bounce(client: Client, told: list[Bounce]) -> None:
    body = _mailgun({"event": "delivered", "recipient": "mira@mail.example"})
    assert [_to_mailgun_s(client, sent) for sent in (body, body | {"event-data": GONE})] == [204, 204]
    assert told == []


def test_a_report_of_mailgun_that_we_failed_to_keep_may_come_again(
    client: Client, told: list[Bounce], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_bounce: Bounce, _by: object) -> None:
        raise RuntimeError

    body = _mailgun(GONE)
    with monkeypatch.context() as broken:
        broken.setattr(bounces, "_listeners", [fail])
        client.raise_request_exception = False
        assert _to_mailgun_s(client, body) == 500
    assert _to_mailgun_s(client, body) == 204
    assert len(told) == 1


@pytest.mark.parametrize("when", [{"days": 1}, {"hours": 12.1}, {"minutes": -6}, {"days": -400}, {"days": 5_000}])
def test_a_signature_of_another_time_is_forged(client: Client, told: list[Bounce], when: dict[str, float]) -> None:
    assert _to_mailgun_s(client, _mailgun(GONE, timestamp=_ago(**when))) == 404
    assert told == []


@pytest.mark.parametrize("moved", [-3, -1, 1, 3])
def test_no_digit_moves_between_the_moment_and_the_token(client: Client, told: list[Bounce], moved: int) -> None:
    stamp, token = str(_ago(hours=1)), "7" * 50
    both = stamp + token
    seal = {"timestamp": both[: 10 + moved], "token": both[10 + moved :]}
    seal["signature"] = hmac.new(BOUNCES.encode(), both.encode(), hashlib.sha256).hexdigest()
    assert _to_mailgun_s(client, {"signature": seal, "event-data": GONE}) == 404
    assert told == []


HOSTILE = [
    b"", b"{", b"[]", b"null", b"\0", b"\xff\xfe", b"1" * 5_000, b"[" * 20_000, b'{"a":' * 6_000, b"NaN", b'{"a": NaN}',
    b'{"id": "\\ud800", "status": "\\ud800", "signature": "\\udfff", "address": "\\ud800@b", "cause": "bounced"}',
    b'{"status": [], "id": {}, "cause": {}, "signature": [], "event-data": "x"}',
    b'{"status": {"delivered": 1}, "id": 1e999, "reason": ' + b"9" * 5_000 + b"}",
    b'{"signature": {"timestamp": 1e308, "token": -Infinity, "signature": null}, "event-data": {}}',
    b'{"signature": {"timestamp": true, "token": ["x"], "signature": "\\ud800"}, "event-data": {"recipient": 7}}',
    b'{"signature": {"timestamp": "99999999999999999999", "token": "x", "signature": "\xc3\xa9"}}',
    b'{"address": "a\\u0000@b", "cause": "bounced"}', b'{"address": "a@b", "cause": "bounced", "at": 1e20}',
    b'{"address": "a@b", "cause": "bounced", "at": "0001-01-01T00:00:00+14:00"}',
    b'{"address": "a@b", "cause": "bounced", "at": "9999-12-31T23:59:59-14:00", "at": "x"}',
    '{"address": "a@b", "cause": "bounced"}'.encode("utf-16"),
]  # fmt: skip


@pytest.mark.parametrize("path", ["mail/mailgun", "mail/bounces", "sms/http", "sms/twilio", "sms/kannel", "sms/smpp"])
@pytest.mark.parametrize("token", [BOUNCES, RECEIPTS])
def test_hostile_reports_fail_nothing_and_change_nothing(
    client: Client, told: list[Bounce], path: str, token: str
) -> None:
    for body in HOSTILE:
        for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain; charset=idna"):
            headers = {"authorization": f"Bearer {token}", "x-twilio-signature": "\xe9"}
            answer = client.generic("POST", f"/hooks/{path}/", body, content_type=kind, headers=headers)
            assert answer.status_code in (204, 404), body[:60]
    assert told == []


def test_a_mailgun_signature_in_half_characters_is_forged(client: Client) -> None:
    for wrong in ("\ud800", "é", 7, None, [], {}, 1.5, True):
        body = _mailgun(GONE)
        for name in ("timestamp", "token", "signature"):
            seal = dict(body["signature"]) | {name: wrong}  # type: ignore[call-overload]
            assert _to_mailgun_s(client, body | {"signature": seal}) == 404


def test_a_bounce_of_years_ago_is_forgotten(client: Client, told: list[Bounce]) -> None:
    at = (timezone.now() - timedelta(days=400)).isoformat()
    assert _bounce(client, {"address": "a@b", "cause": "bounced", "at": at}) == 204
    assert told == []


@pytest.mark.parametrize(
    "event", [{"event": "failed", "severity": "temporary"}, {"event": "delivered"}, {"event": "opened"}]
)
def test_what_is_no_bounce_is_forgotten(client: Client, told: list[Bounce], event: dict[str, object]) -> None:
    assert _to_mailgun_s(client, _mailgun(event | {"recipient": "mira@mail.example"})) == 204
    assert told == []
