import pytest
from django.test import Client
from django.utils import timezone

from mypolis.demo.models import InboxMessage

pytestmark = pytest.mark.django_db


def keep(number: int, **changes: object) -> InboxMessage:
    message = {
        "market": "ru",
        "channel": "sms",
        "to": "+79000001000",
        "text": f"message {number}",
        "sent_at": timezone.now(),
        "message_id": str(number),
    }
    return InboxMessage.objects.create(**{**message, **changes})


def texts(client: Client, query: str) -> list[str]:
    return [message["text"] for message in client.get(f"/inbox/messages.json{query}").json()]


def test_the_newest_message_is_first_and_markets_are_apart(client: Client) -> None:
    keep(1), keep(2), keep(3, market="id")
    assert texts(client, "?market=ru") == ["message 2", "message 1"]
    assert texts(client, "") == ["message 3", "message 2", "message 1"]
    assert texts(client, "?market=xx") == []


@pytest.mark.parametrize(
    "typed", ["%2B79000001000", "+79000001000", "79000001000", "89000001000", "8%20(900)%20000-10-00"]
)
def test_a_number_is_found_however_it_is_typed(client: Client, typed: str) -> None:
    keep(1), keep(2, to="+79000001001")
    assert texts(client, f"?to={typed}") == ["message 1"]


@pytest.mark.parametrize("typed", ["0", "a@b", "x" * 5_000, "9" * 5_000, "@"])
def test_nonsense_finds_nothing(client: Client, typed: str) -> None:
    keep(1)
    assert texts(client, f"?to={typed}") == []


def test_a_message_has_the_shape_that_outsiders_rely_on(client: Client) -> None:
    keep(1, code="", links=["https://a.example"])
    (message,) = client.get("/inbox/messages.json").json()
    assert {
        "id", "market", "channel", "to", "subject", "text", "html", "links", "code", "sent_at"
    } <= message.keys()  # fmt: skip
    assert message["code"] is None
    assert message["links"] == ["https://a.example"]


def test_the_page_shows_text_messages_as_bubbles_and_mails_beside_them(client: Client) -> None:
    keep(1)
    mail = keep(2, channel="email", to="olga@pochta.example", subject="Код", html="<p>482915</p>", code="482915")
    page = client.get("/inbox/?market=ru").content.decode()
    assert page.count("<h1") == 1
    assert "message 1" in page
    assert f'src="/inbox/messages/{mail.pk}.html"' in page
    assert "message 1" not in client.get("/inbox/?market=id").content.decode()


def test_the_html_of_a_mail_runs_nothing_and_shows_only_here(client: Client) -> None:
    mail = keep(1, channel="email", html="<script>alert(1)</script>")
    answer = client.get(f"/inbox/messages/{mail.pk}.html")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_older_messages_are_on_the_next_page(client: Client) -> None:
    for number in range(40):
        keep(number, text=f"nr{number}.")
    first, second = (client.get(f"/inbox/?market=ru&page={page}").content.decode() for page in (1, 2))
    assert "nr39." in first
    assert "nr5." not in first
    assert "nr5." in second
