"""The secrets of a walk through the pages appear in no URL, no log line and no event."""

import logging
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from mypolis.foundation.events.models import Event
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.lib.crypto.tokens import hash_token
from tests.cast import ANNA, BUDI, JELENA, NEW_PASSWORD, PASSWORD, on_file
from tests.doors import PageDoor, Reply
from tests.post import Post
from tests.registration.steps import open_form
from tests.web.site import MARKETS, WALKS, SeeingDoor

PERSONAL = {
    "rs": [JELENA.national_id, JELENA.mobile, JELENA.email, "new@example.test", "Petrović"],
    "id": [BUDI.email, "Santoso", "000123"],
    "ru": [ANNA.mobile, ANNA.email, "Соколова", "1988-03-14"],
}


class ListeningDoor(SeeingDoor):
    """Keeps every URL that it was redirected to, and every secret in a cookie or a message."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.addresses: set[str] = set()
        self.secrets: set[str] = {PASSWORD, NEW_PASSWORD}

    def _read(self, response: Any) -> Reply:
        self.addresses |= {url for url, _status in getattr(response, "redirect_chain", [])}
        self.addresses |= {response.request["PATH_INFO"], response.get("Location", "")}
        for name, cookie in self.client.cookies.items():
            if name.startswith(("journey", "session", "device")) and cookie.value:
                self.secrets.add(cookie.value)
        return super()._read(response)


@pytest.mark.parametrize("market", MARKETS)
def test_secrets_and_personal_data_stand_nowhere(
    client: Client, post: Post, caplog: pytest.LogCaptureFixture, market: str
) -> None:
    caplog.set_level(logging.INFO)
    door = ListeningDoor(client)
    with capture_logs() as events:
        WALKS[market](door, post)
    codes = {letter.code for letter in post.letters if letter.template == "code"}
    assert Journey.objects.filter(token_hash__in=[hash_token(secret) for secret in door.secrets]).exists()
    assert len(door.secrets) >= 3
    logged = "\n".join([*map(str, events), *(record.getMessage() for record in caplog.records)])
    assert "request.done" in logged
    told = "\n".join(f"{event.kind} {event.subject} {event.facts}" for event in Event.objects.all())
    assert "journey.started" in told
    addresses = "\n".join(address for address in door.addresses if "/e/" not in address)  # the link in a message
    for secret in (*door.secrets, *codes, *PERSONAL[market]):
        assert secret not in addresses
        assert secret not in logged
        assert secret not in told


@pytest.mark.parametrize("market", MARKETS)
def test_no_page_shows_a_secret(client: Client, post: Post, market: str) -> None:
    door = ListeningDoor(client)
    WALKS[market](door, post)
    for name, response in door.pages.items():
        text = response.content.decode()
        for secret in door.secrets:
            assert secret not in text, name


def test_a_code_that_was_refused_is_not_drawn_again(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = PageDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    right = post.code(ANNA.mobile)
    wrong = "000000" if right != "000000" else "000001"
    for typed in (wrong, "12345"):
        reply = door.answer("code", code=typed)
        assert reply.status == 422
        assert f'value="{typed}"' not in reply.text
    for _try in range(4):
        door.answer("code", code=wrong)
    assert f'value="{right}"' not in door.answer("code", code=right).text, "one that may still be good"
