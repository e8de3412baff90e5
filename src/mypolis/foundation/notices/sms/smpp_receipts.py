"""Reads delivery receipts from SMPP centres: in separate fields, or as a line of text (SMPP 3.4, appendix B)."""

import re
import time
from dataclasses import dataclass
from typing import Any

from django.db import close_old_connections
from smpplib import consts

from mypolis.foundation.notices.receipts import receive_by_gateway
from mypolis.foundation.notices.sms.gateway import Delivered
from mypolis.foundation.notices.sms.gateway_http import plain_id

_RECEIPT, _TYPE_OF_MESSAGE = 0x04, 0x3C
_ID, _STATE, _ERROR = (
    re.compile(pattern, re.IGNORECASE) for pattern in (r"\bid:(\S+)", r"\bstat:(\w+)", r"\berr:(\w+)")
)
_WORDS: dict[str, Delivered] = {
    "DELIVRD": "delivered",
    "EXPIRED": "undeliverable",
    "DELETED": "undeliverable",
    "UNDELIV": "undeliverable",
    "REJECTD": "undeliverable",
}
_NUMBERS: dict[int, Delivered] = {
    consts.SMPP_MESSAGE_STATE_DELIVERED: "delivered",
    consts.SMPP_MESSAGE_STATE_EXPIRED: "undeliverable",
    consts.SMPP_MESSAGE_STATE_DELETED: "undeliverable",
    consts.SMPP_MESSAGE_STATE_UNDELIVERABLE: "undeliverable",
    consts.SMPP_MESSAGE_STATE_REJECTED: "undeliverable",
}
# A receipt can arrive before the response that contains the message's id.
_LOOK_AGAIN_AFTER = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class CentreReceipt:
    """A final receipt: the centre's id of the message, the result, and the centre's code for a failure."""

    message_id: str
    outcome: Delivered
    reason: str = ""


def take_in(gateway: str, unit: Any) -> int:
    """Store the receipt in a `deliver_sm`, in a separate thread; return the status for the response.

    Accepts and ignores what is not a receipt (somebody replied to an SMS), not final, or not about our messages.
    """
    found = read(unit)
    if found is None:
        return int(consts.SMPP_ESME_ROK)
    close_old_connections()
    try:
        for pause in (*_LOOK_AGAIN_AFTER, 0):
            if receive_by_gateway(gateway, found.message_id, outcome=found.outcome, reason=found.reason):
                break
            time.sleep(pause)
    finally:
        close_old_connections()
    return int(consts.SMPP_ESME_ROK)


def read(unit: Any) -> CentreReceipt | None:
    """The receipt in a `deliver_sm`; None when it is not a receipt or not final."""
    if ((unit.esm_class or 0) & _TYPE_OF_MESSAGE) != _RECEIPT:
        return None
    words = (unit.short_message or b"").decode("latin-1")
    own_id, state = getattr(unit, "receipted_message_id", None), getattr(unit, "message_state", None)
    message_id = plain_id(_plain(own_id) or _found(_ID, words))
    outcome = _NUMBERS.get(state) if state else _WORDS.get(_found(_STATE, words).upper())
    if not message_id or outcome is None:
        return None
    return CentreReceipt(message_id, outcome, _found(_ERROR, words)[:20] if outcome == "undeliverable" else "")


def _found(pattern: re.Pattern[str], words: str) -> str:
    match = pattern.search(words)
    return match[1] if match else ""


def _plain(value: object) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
    return text.rstrip("\0")
