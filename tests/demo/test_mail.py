from email.message import EmailMessage

import pytest

from mypolis.demo.mail_reader import code_in, links_in, read_mail
from mypolis.foundation.markets import market as market_of
from mypolis.foundation.notices.rendering import render_email, render_sms


def mail(**changes: str) -> EmailMessage:
    message = EmailMessage()
    headers = {
        "From": "Lipa osiguranje <portal@lipa-osiguranje.example>",
        "To": "mira@posta.example",
        "Subject": "Vaš kod",
        "Message-ID": "<1@portal.example>",
    }
    for name, value in {**headers, **changes}.items():
        if value:
            message[name] = value
    message.set_content("Vaš kod:\r\n\r\n    482915\r\n\r\nŠaljemo ga jer se prijavljujete.\n")
    message.add_alternative("<p>Vaš kod je <b>482915</b>.</p>", subtype="html")
    return message


def test_a_mail_without_an_id_is_refused() -> None:
    message = mail()
    del message["Message-ID"]
    with pytest.raises(ValueError, match="Message-ID"):
        read_mail(message.as_bytes())


def test_a_mail_without_a_sender_is_refused() -> None:
    message = mail()
    del message["From"]
    with pytest.raises(ValueError, match="sender"):
        read_mail(message.as_bytes())


def test_a_mail_is_read_with_its_letters_in_both_forms() -> None:
    read = read_mail(mail().as_bytes())
    assert read.sender == "portal@lipa-osiguranje.example"
    assert read.subject == "Vaš kod"
    assert read.text == "Vaš kod:\n\n    482915\n\nŠaljemo ga jer se prijavljujete.\n"
    assert "<b>482915</b>" in read.html


def test_a_mail_without_html_is_plain() -> None:
    message = EmailMessage()
    message["From"], message["Message-ID"] = "portal@lipa-osiguranje.example", "<2@portal.example>"
    message.set_content("Zdravo")
    assert read_mail(message.as_bytes()).html == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nothing to type here.", ""),
        ("Policy 4817-2026-01, call 8 800 000-00-00.", ""),
        ("http://localhost:8000/ru/i/123456/abc", ""),
        ("Telephone +381600100", ""),
        ("Number 1234567 is too long.", ""),
        ("1. 448291 bytes, SHA-256 0f3a; 2. 501234 bytes, SHA-256 91bc", ""),
        ("Masukkan kode ini untuk masuk:\n\n    048291\n\nBerlaku 2 menit.", "048291"),
        ("Order 111111. Your code is below.\n\n@localhost #222222", "222222"),
    ],
)
def test_the_code_is_what_a_person_would_type(text: str, code: str) -> None:
    assert code_in(text) == code


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_the_code_of_every_message_that_holds_one_is_found(market: str) -> None:
    language = market_of(market).default_language
    context = {"code": "048291", "minutes": 5, "purpose": "bank-account"}
    assert code_in(render_email(market, language, "code", context).text) == "048291"
    assert code_in(render_sms(market, language, "code", context)) == "048291"


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_the_size_of_a_file_that_a_claim_was_sent_with_is_no_code(market: str) -> None:
    context = {"number": "C-2026-000123", "url": "https://portal.example/", "files": "1. 448291 bytes, SHA-256 0f3a"}
    assert code_in(render_email(market, market_of(market).default_language, "claim-sent", context).text) == ""


def test_links_lose_the_full_stop_behind_them_and_stand_once() -> None:
    text = (
        "Open http://localhost:8000/ru/i/abc_-9. Or <http://localhost:8000/ru/i/abc_-9>; help: https://a.example/x?y=1"
    )
    assert links_in(text) == ["http://localhost:8000/ru/i/abc_-9", "https://a.example/x?y=1"]
