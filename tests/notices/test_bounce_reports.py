"""Reports of mail providers. Hostile reports have no effect."""

import hashlib
import hmac
import json
from datetime import timedelta
from secrets import token_hex

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.notices import bounces
from mypolis.foundation.notices.bounces import Bounce
from tests.notices.test_hooks import BOUNCES, RECEIPTS, partners_set

pytestmark = pytest.mark.django_db
__all__ = ["partners_set"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Bounce]:
    """The bounces of which rooms were notified."""
    heard: list[Bounce] = []
    monkeypatch.setattr(bounces, "declared", lambda _name: [lambda bounce, by: heard.append(bounce)])
    return heard


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
        broken.setattr(bounces, "declared", lambda _name: [fail])
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
