"""Receipts in the formats of different centres, and end to end over a connection."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.notices.delivery import deliver
from mypolis.foundation.notices.models import Message
from mypolis.foundation.notices.sms.configured_gateways import gateways
from mypolis.foundation.notices.sms.smpp_receipts import CentreReceipt, read
from tests.notices.fake_centre import FakeCentre
from tests.waiting import until

LINE = b"id:0123456789 sub:001 dlvrd:001 submit date:2611241200 done date:2611241201 stat:%s err:%s text:Polis"


def _unit(words: bytes = b"", esm_class: int = 4, **more: Any) -> Any:
    """Return a `deliver_sm` with the fields that we read."""
    optional = {"receipted_message_id": None, "message_state": None}
    return SimpleNamespace(short_message=words, esm_class=esm_class, **(optional | more))


@pytest.mark.parametrize(
    ("unit", "receipt"),
    [
        (_unit(LINE % (b"DELIVRD", b"000")), CentreReceipt("0123456789", "delivered")),
        (_unit(LINE % (b"UNDELIV", b"27")), CentreReceipt("0123456789", "undeliverable", "27")),
        (_unit(b"ID:a-b Stat:REJECTD Err:0x1"), CentreReceipt("a-b", "undeliverable", "0x1")),
        (_unit(LINE % (b"ENROUTE", b"000")), None),
        (_unit(LINE % (b"ACCEPTD", b"000")), None),
        (_unit(b"Hvala!", esm_class=0), None),
        (_unit(LINE % (b"DELIVRD", b"000"), esm_class=0), None),
        (_unit(b""), None),
        (_unit(b"", receipted_message_id=b"77", message_state=2), CentreReceipt("77", "delivered")),
        (_unit(b"", receipted_message_id=b"77", message_state=5), CentreReceipt("77", "undeliverable")),
        (_unit(b"", receipted_message_id=b"77", message_state=1), None),
    ],
)
def test_a_receipt_is_read_as_the_standard_has_it(unit: Any, receipt: CentreReceipt | None) -> None:
    assert read(unit) == receipt


@given(st.binary(max_size=254), st.integers(0, 255))
def test_no_octets_break_the_reading(words: bytes, esm_class: int) -> None:
    found = read(_unit(words, esm_class))

    assert found is None or found.message_id


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("mood", "outcome"), [(0, "DELIVRD"), (0, "UNDELIV"), ("later", "DELIVRD")])
def test_a_receipt_over_the_line_marks_the_message(
    settings: Any, write: Callable[..., Message], mood: Any, outcome: str
) -> None:
    with FakeCentre(outcome=outcome).serving() as centre:
        centre.moods.append(mood)
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_url": centre.url()})
        message = write(channel="sms")

        deliver(message.pk)

        until(lambda: Message.objects.exclude(receipt="").exists())
        message.refresh_from_db()
        assert message.receipt == {"DELIVRD": "delivered", "UNDELIV": "undeliverable"}[outcome]
        assert (message.state, message.gateway, message.provider_id) == ("taken", "smpp", "c-1")
        (gateway,) = gateways()
        gateway.hang_up()  # type: ignore[attr-defined]
