import smtplib
from collections.abc import Iterator

import httpx
import pytest
from django.test import Client

from mypolis.demo.fake_partners import Sink, open_sink
from mypolis.demo.models import InboxMessage
from tests.demo.test_mail import mail

TOKEN = "let-me-in"
SMS = {"to": "+79000001000", "text": "Код 482915\n\n@localhost #482915", "sender": "SEVPOLIS", "id": "m-1"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with open_sink(TOKEN) as sink:
        yield sink


def send_mail(sink: Sink, sender: str = "portal@lipa-osiguranje.example", to: str = "Mira@posta.example") -> None:
    host, _, port = sink.smtp_url.removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port)) as server:
        server.sendmail(sender, ["Mira@posta.example"], mail(From=sender).as_bytes())


def send_sms(sink: Sink, *, token: str = TOKEN, **changes: object) -> int:
    answer = httpx.post(sink.sms_url, json={**SMS, **changes}, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


def test_the_gateway_refuses_a_wrong_token(sink: Sink) -> None:
    assert send_sms(sink, token="guessed") == 401
    assert httpx.post(sink.sms_url, json=SMS).status_code == 401
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"to": "89000001000"}, {"to": "+7900"}, {"text": ""}, {"text": "x" * 2_000}, {"id": 7}, {"more": "x"}],
)
def test_the_gateway_refuses_what_no_provider_would_take(sink: Sink, changes: dict[str, object]) -> None:
    assert send_sms(sink, **changes) == 400
    assert not InboxMessage.objects.exists()


def test_the_gateway_refuses_what_is_no_json(sink: Sink) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert httpx.post(sink.sms_url, content=b"to=+7900", headers=headers).status_code == 400


def test_the_gateway_refuses_a_sender_that_no_market_has(sink: Sink) -> None:
    assert send_sms(sink, sender="BANK") == 422


def test_a_text_message_is_kept_with_its_market_and_code(sink: Sink) -> None:
    assert send_sms(sink) == 200
    message = InboxMessage.objects.get()
    assert (message.market, message.channel, message.to, message.code) == ("ru", "sms", SMS["to"], "482915")


def test_a_repeat_of_an_id_is_counted_and_not_shown_twice(sink: Sink) -> None:
    assert [send_sms(sink), send_sms(sink)] == [200, 200]
    assert InboxMessage.objects.get().received_times == 2


def test_a_mail_of_an_unknown_sender_is_refused_for_good(sink: Sink) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send_mail(sink, sender="info@bank.example")
    assert refusal.value.smtp_code == 550


def test_a_mail_is_kept_and_found_in_any_letter_case(sink: Sink, client: Client) -> None:
    send_mail(sink)
    send_mail(sink)
    (found,) = client.get("/inbox/messages.json", {"to": "mira@POSTA.example", "market": "rs"}).json()
    assert found["channel"] == "email"
    assert found["subject"] == "Vaš kod"
    assert found["code"] == "482915"
    assert found["received_times"] == 2
