from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.notices import decoys
from mypolis.foundation.notices.catalogue import catalogue
from mypolis.foundation.notices.flows import send
from mypolis.foundation.notices.models import Message
from tests.notices.fake_gateway import TOKEN, FakeMailServer, FakeSmsGateway


@pytest.fixture(autouse=True)
def _no_weather() -> Iterator[None]:
    decoys.forget()
    yield
    decoys.forget()


@pytest.fixture
def mail_server() -> Iterator[FakeMailServer]:
    with FakeMailServer().serving() as server:
        yield server


@pytest.fixture
def sms_gateway() -> Iterator[FakeSmsGateway]:
    with FakeSmsGateway().serving() as gateway:
        yield gateway


@pytest.fixture
def partners(settings: Any, mail_server: FakeMailServer, sms_gateway: FakeSmsGateway, tmp_path: Path) -> None:
    """Settings for both gateways, and a key ring."""
    keyring.create(tmp_path / "keys.json")
    settings.MYPOLIS = settings.MYPOLIS.model_copy(
        update={
            "smtp_url": mail_server.url,
            "sms_url": sms_gateway.url,
            "sms_token": TOKEN,
            "keys_file": tmp_path / "keys.json",
            "public_url": "https://portal.example:8443",
        }
    )


MIRA = {"email": "mira@mail.example", "sms": "+381641234567"}


@pytest.fixture
def write(partners: None) -> Callable[..., Message]:
    """A function that sends a message; by default to Mira in Serbia, with the template's sample values."""

    def write(template: str = "code", channel: str = "email", **changes: Any) -> Message:
        urgent = template == "code"
        arguments = {
            "market": "rs",
            "channel": channel,
            "to": MIRA[channel],
            "template": template,
            "language": "en",
            "context": catalogue()[template].sample if template in catalogue() else {},
            "by": SYSTEM,
            "urgent": urgent,
            "useless_after": timezone.now() + timedelta(minutes=10) if urgent else None,
        }
        return send(**{**arguments, **changes})

    return write
