"""A real gateway end to end: our message reaches the centre with all its letters, and we get its receipt.

Only `make gateways` runs it, because it needs Debian's `kannel` and `kannel-extras`. The second half connects Kannel's
SMPP client to the fake centre of our SMPP tests. This proves that the fake does not just repeat our own mistakes.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.notices.delivery import deliver
from mypolis.foundation.notices.flows import send
from mypolis.foundation.notices.models import Message
from mypolis.foundation.notices.rendering import render_sms
from tests.kannel.conftest import Start
from tests.notices.fake_centre import PASSWORD, SYSTEM_ID, FakeCentre
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

FAKE = "group = smsc\nsmsc = fake\nsmsc-id = fake\nport = {port}\nconnect-allow-ip = 127.0.0.1\n"
SMPP = """group = smsc
smsc = smpp
smsc-id = smpp
host = 127.0.0.1
port = %d
transceiver-mode = true
smsc-username = %s
smsc-password = %s
system-type = ""
source-addr-autodetect = true
"""
CONTEXT: dict[str, str | int] = {"code": "482915", "minutes": 5, "purpose": "register"}
MOBILE = "+79161234567"
PATIENCE_SECONDS = 30.0


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with FakeCentre().serving() as fake:
        yield fake


def _portal(settings: Any, live_server: LiveServer, url: str) -> None:
    changes = {"sms_url": url, "receipts_token": "a-secret-of-kannel-s_calls", "public_url": live_server.url}
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update=changes)


def _sent(language: str) -> Message:
    message = send(
        market="ru",
        channel="sms",
        to=MOBILE,
        template="code",
        language=language,
        context=CONTEXT,
        by=SYSTEM,
        urgent=True,
        useless_after=timezone.now() + timedelta(minutes=10),
    )
    with connection.cursor() as cursor:  # like a worker's: its job no longer exists while it runs
        cursor.execute("DELETE FROM procrastinate_jobs")
    deliver(message.pk)
    message.refresh_from_db()
    return message


def _receipt(message: Message) -> str:
    message.refresh_from_db()
    return message.receipt


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_message_reaches_the_centre_and_its_receipt_comes_back(
    settings: Any, live_server: LiveServer, kannel: Start, language: str
) -> None:
    gateway = kannel(FAKE)
    _portal(settings, live_server, gateway.url)

    message = _sent(language)

    assert (message.state, message.gateway) == ("taken", "kannel")
    until(gateway.arrived)
    assert gateway.arrived() == [render_sms("ru", language, "code", CONTEXT)]
    assert [to for _sender, to in gateway.envelopes()] == [MOBILE]
    until(lambda: _receipt(message))
    assert message.receipt == "delivered"


@pytest.mark.parametrize(("outcome", "receipt"), [("DELIVRD", "delivered"), ("UNDELIV", "undeliverable")])
def test_kannel_s_own_smpp_client_takes_our_fake_centre_for_a_centre(
    settings: Any, live_server: LiveServer, kannel: Start, centre: FakeCentre, outcome: str, receipt: str
) -> None:
    centre.outcome, centre.error = outcome, "000" if outcome == "DELIVRD" else "027"
    gateway = kannel(SMPP % (centre.port, SYSTEM_ID, PASSWORD))
    _portal(settings, live_server, gateway.url)
    until(lambda: centre.binds)

    message = _sent("ru")

    until(lambda: _receipt(message))
    assert message.receipt == receipt
    assert "".join(short.text for short in centre.shorts) == render_sms("ru", "ru", "code", CONTEXT)


def test_a_wrong_password_is_a_gateway_that_is_down(settings: Any, live_server: LiveServer, kannel: Start) -> None:
    gateway = kannel(FAKE)
    _portal(settings, live_server, gateway.url.replace(":kannel-password@", ":wrong@"))

    assert _sent("ru").state == "queued"
    assert gateway.arrived() == []
