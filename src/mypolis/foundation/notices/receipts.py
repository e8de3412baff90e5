"""Delivery receipts of SMS. They may arrive twice, late, or before we know that the gateway accepted the message."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events.actor import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.notices.counters import count_message
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.models import Message, State
from mypolis.foundation.notices.sms.gateway import Delivered

_KINDS = {"delivered": NoticeEvent.MESSAGE_DELIVERED, "undeliverable": NoticeEvent.MESSAGE_UNDELIVERABLE}
_ON_THE_WAY = (State.QUEUED, State.SENDING, State.TAKEN, State.IN_DOUBT)


@transaction.atomic
def receive(message_id: UUID, *, gateway: str, outcome: Delivered, reason: str = "") -> bool:
    """Store a gateway's receipt; return whether it was new. "delivered" always overrides an earlier receipt."""
    rows = Message.objects.select_for_update().defer("to", "context")
    message = rows.filter(pk=message_id, channel="sms", gateway=gateway, state__in=_ON_THE_WAY).first()
    if message is None or message.receipt in (outcome, "delivered"):
        return False
    message.receipt, message.receipt_at = outcome, timezone.now()
    message.save(update_fields=["receipt", "receipt_at"])
    if message.state == State.IN_DOUBT:  # resolved: the gateway accepted it
        message.close(State.TAKEN, taken_at=message.receipt_at)
        record(NoticeEvent.MESSAGE_TAKEN, market=message.market, by=SYSTEM, subject=message)
    facts = {"reason": _code_in(reason)} if reason else {}
    record(_KINDS[outcome], market=message.market, by=SYSTEM, subject=message, **facts)
    count_message(outcome, market=message.market, channel="sms")
    return True


def receive_by_gateway(gateway: str, provider_id: str, *, outcome: Delivered, reason: str = "") -> bool:
    """Like `receive`, by the gateway's own id. False when no message has this id (yet)."""
    held = Message.objects.filter(provider_id=provider_id, gateway=gateway, channel="sms")
    message_id = held.values_list("pk", flat=True).first()
    if message_id is None:
        return False
    receive(message_id, gateway=gateway, outcome=outcome, reason=reason)
    return True


def _code_in(reason: str) -> str:
    """The code of a failure without any other text, because a network's text may contain the phone number."""
    return "".join(sign for sign in reason if sign.isascii() and (sign.isalnum() or sign in "-_."))[:20]
