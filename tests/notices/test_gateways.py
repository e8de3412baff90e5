from dataclasses import replace
from uuid import UUID

import pytest

from mypolis.foundation.notices.gateways import DeliveryFailed, Email, EmailGateway, Sms, compose
from mypolis.foundation.notices.sms.http import HttpGateway
from tests.notices.fake_gateway import TOKEN, FakeMailServer, FakeSmsGateway

EMAIL = Email(
    id=UUID("7d5c2f3e-0000-4000-8000-000000000001"),
    to="mira@mail.example",
    sender="portal@insurer.example",
    sender_name="Осигурање „Липа“",
    reply_to="help@insurer.example",
    subject="Vaš kôd",
    text="Kôd: 482915\n.\nKraj\n",
    html="<p>Kôd: 482915</p>",
    language="sr-latn",
    host="portal.example",
)
SMS = Sms(id=EMAIL.id, to="+381641234567", text="Polis: kod 482915.", sender="POLIS")


# E-mail


@pytest.mark.parametrize(
    "to", ["", "mira", "@mail.example", "mira@", "mira@x@y", "mira@mail.example\r\nBcc: a@b.c", "ми@ра.рс"]
)
def test_an_address_that_is_none_fails_for_good(to: str) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        compose(replace(EMAIL, to=to))

    assert failed.value.permanent
    assert not to or to not in failed.value.reason


@pytest.mark.parametrize("field", ["subject", "sender_name", "reply_to", "sender"])
def test_no_field_can_add_a_header(field: str) -> None:
    with pytest.raises(DeliveryFailed):
        compose(replace(EMAIL, **{field: "x\r\nBcc: eve@mail.example"}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [("421 busy", False), ("450 greylisted", False), ("550 unknown", True), ("554 spam", True)],
)
def test_the_server_s_answer_says_whether_to_try_again(
    mail_server: FakeMailServer, answer: str, permanent: bool
) -> None:
    for answers in (mail_server.at_rcpt, mail_server.at_data):
        answers.append(answer)
        with pytest.raises(DeliveryFailed) as failed:
            EmailGateway(mail_server.url).send(EMAIL)
        assert failed.value.permanent is permanent
        assert failed.value.reason == f"smtp {answer[:3]}"
        assert not failed.value.unsure


def test_a_server_that_breaks_off_after_the_contents_leaves_us_unsure(mail_server: FakeMailServer) -> None:
    mail_server.at_data.append("close")

    with pytest.raises(DeliveryFailed) as failed:
        EmailGateway(mail_server.url).send(EMAIL)

    assert failed.value.unsure
    assert not failed.value.permanent


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(DeliveryFailed) as failed:
        EmailGateway("smtp://127.0.0.1:1").send(EMAIL)

    assert not failed.value.permanent
    assert not failed.value.unsure


def test_a_password_is_not_sent_without_tls(mail_server: FakeMailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mypolis.foundation.notices.gateways.LOOPBACK", frozenset())
    gateway = EmailGateway(mail_server.url.replace("smtp://", "smtp://user:secret@"))

    with pytest.raises(DeliveryFailed, match="no TLS") as failed:
        gateway.send(EMAIL)

    assert not failed.value.permanent


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_an_smtp_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        EmailGateway(url)


def test_an_email_has_the_headers_of_service_mail(mail_server: FakeMailServer) -> None:
    message_id = EmailGateway(mail_server.url).send(EMAIL)

    (mail,) = mail_server.mails
    assert mail_server.envelopes == [("portal@insurer.example", ["mira@mail.example"])]
    assert message_id == mail["Message-ID"] == f"<{EMAIL.id}@portal.example>"
    assert mail["From"].addresses[0].display_name == "Осигурање „Липа“"
    assert mail["From"].addresses[0].addr_spec == "portal@insurer.example"
    assert mail["To"] == "mira@mail.example"
    assert mail["Reply-To"] == "help@insurer.example"
    assert mail["Subject"] == "Vaš kôd"
    assert mail["Content-Language"] == "sr-latn"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Date"].datetime.tzinfo is not None
    assert "List-Unsubscribe" not in mail


def test_an_email_carries_text_and_html_alike_and_only_ascii_on_the_wire(mail_server: FakeMailServer) -> None:
    EmailGateway(mail_server.url).send(EMAIL)

    (mail,) = mail_server.mails
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    assert text == EMAIL.text
    assert html.strip() == EMAIL.html
    assert mail_server.raw[0].isascii()
    assert max(len(line) for line in mail_server.raw[0].splitlines()) <= 998


def test_a_domain_in_another_script_is_addressed_by_its_ascii_name() -> None:
    assert compose(replace(EMAIL, to="mira@пример.срб"))["To"] == "mira@xn--e1afmkfd.xn--90a3ac"


# SMS


@pytest.mark.parametrize("mood", ["later", "close"])
def test_a_gateway_that_fails_for_now_is_tried_again(sms_gateway: FakeSmsGateway, mood: str) -> None:
    sms_gateway.moods.append(mood)  # type: ignore[arg-type]

    with pytest.raises(DeliveryFailed) as failed:
        HttpGateway("http", sms_gateway.url, TOKEN).send(SMS)

    assert not failed.value.permanent


def test_a_number_that_the_gateway_refuses_fails_for_good(sms_gateway: FakeSmsGateway) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        HttpGateway("http", sms_gateway.url, TOKEN).send(replace(SMS, to="064 123-45-67"))

    assert failed.value.permanent
    assert failed.value.reason == "http 400"
    assert sms_gateway.refused == ["to"]


@pytest.mark.parametrize("token", [None, "stale"])
def test_a_wrong_token_is_our_fault_and_not_the_message_s(sms_gateway: FakeSmsGateway, token: str | None) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        HttpGateway("http", sms_gateway.url, token).send(SMS)

    assert not failed.value.permanent
    assert sms_gateway.refused == ["token"]


def test_an_sms_posted_twice_is_taken_once(sms_gateway: FakeSmsGateway) -> None:
    gateway = HttpGateway("http", sms_gateway.url, TOKEN)

    assert gateway.send(SMS) == gateway.send(SMS) == "gw-1"
    assert list(sms_gateway.taken) == [str(SMS.id)]


def test_an_answer_without_an_id_is_as_good(sms_gateway: FakeSmsGateway) -> None:
    sms_gateway.moods.append("no-json")

    assert HttpGateway("http", sms_gateway.url, TOKEN).send(SMS) == ""
