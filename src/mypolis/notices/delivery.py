"""What the worker does with one message: claims it, hands it over, and says what became of it.

Never twice: the claim is committed before the partner hears of the message. One that is found claimed,
because its worker died, is sent again only where the partner takes an id once.
"""

import time
from datetime import timedelta
from typing import Literal
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from mypolis.events.actor import SYSTEM
from mypolis.events.flows import record
from mypolis.events.kinds import Kind
from mypolis.notices import decoys
from mypolis.notices.decoys import Outcome
from mypolis.notices.gateways import DeliveryFailed, Email, Sms, hand_over
from mypolis.notices.jobs import enqueue
from mypolis.notices.models import MOVING, Message, State
from mypolis.notices.rendering import parcel_of
from mypolis.web.metrics import count_message

TRY_AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 60, 300, 900, 3600))
TAKES_AN_ID_ONCE = frozenset({"sms"})

_KINDS = {
    State.TAKEN: Kind.MESSAGE_TAKEN,
    State.GIVEN_UP: Kind.MESSAGE_GIVEN_UP,
    State.WITHDRAWN: Kind.MESSAGE_WITHDRAWN,
    State.IN_DOUBT: Kind.MESSAGE_IN_DOUBT,
}

_COUNTED: dict[State, Literal["given_up", "withdrawn", "in_doubt"]] = {
    State.GIVEN_UP: "given_up",
    State.WITHDRAWN: "withdrawn",
    State.IN_DOUBT: "in_doubt",
}

_log = structlog.get_logger(__name__)


def deliver(message_id: UUID) -> None:
    """Send the message if it still is to be sent. Harmless to call again."""
    claimed = _claim(message_id)
    if claimed is None:
        return
    message, parcel = claimed
    try:
        provider_id = _send(message, parcel)
    except DeliveryFailed as failure:
        _failed(message_id, failure)
    else:
        _taken(message_id, provider_id)


def expire(message: Message) -> None:
    """Close a message whose time is over, in the caller's transaction."""
    if message.state == State.SENDING:
        _close(message, State.IN_DOUBT, reason="expired")
    elif message.useless_after and message.useless_after <= timezone.now():
        _close(message, State.WITHDRAWN, reason="useless")
    else:
        _close(message, State.GIVEN_UP, reason="expired")


@transaction.atomic(durable=True)
def _claim(message_id: UUID) -> tuple[Message, Email | Sms] | None:
    message = Message.objects.select_for_update().filter(pk=message_id, state__in=MOVING).first()
    if message is None:
        return None
    if message.expires_at <= timezone.now():
        expire(message)
        return None
    if message.state == State.SENDING and message.channel not in TAKES_AN_ID_ONCE:
        _close(message, State.IN_DOUBT, reason="interrupted")
        return None
    try:
        parcel = parcel_of(message)
    except Exception as error:
        _log.exception("message.not_rendered", message=str(message.pk), template=message.template)
        _close(message, State.GIVEN_UP, reason=type(error).__name__)
        return None
    message.state = State.SENDING
    message.attempts += 1
    message.save(update_fields=["state", "attempts"])
    return message, parcel


def _send(message: Message, parcel: Email | Sms) -> str:
    if message.to is None:
        decoys.imitate(message.channel)
        return ""
    began = time.monotonic()
    try:
        provider_id = hand_over(parcel)
    except DeliveryFailed as failure:
        if not failure.permanent:
            decoys.remember(message.channel, Outcome(time.monotonic() - began, failure.reason))
        raise
    decoys.remember(message.channel, Outcome(time.monotonic() - began))
    return provider_id


@transaction.atomic(durable=True)
def _taken(message_id: UUID, provider_id: str) -> None:
    now = timezone.now()
    # One that was thought interrupted meanwhile is known to be taken after all.
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state in (State.SENDING, State.IN_DOUBT):
        message.close(State.TAKEN, taken_at=now, provider_id=provider_id)
        record(Kind.MESSAGE_TAKEN, market=message.market, by=SYSTEM, subject=message)
        count_message("taken", market=message.market, channel=message.channel)


@transaction.atomic(durable=True)
def _failed(message_id: UUID, failure: DeliveryFailed) -> None:
    message = Message.objects.select_for_update().filter(pk=message_id, state=State.SENDING).first()
    if message is None:
        return
    next_try = timezone.now() + TRY_AGAIN_AFTER[min(message.attempts, len(TRY_AGAIN_AFTER)) - 1]
    _log.warning("message.failed", message=str(message_id), reason=failure.reason, attempt=message.attempts)
    if failure.unsure and message.channel not in TAKES_AN_ID_ONCE:
        _close(message, State.IN_DOUBT, reason=failure.reason)
    elif failure.permanent or next_try >= message.expires_at:
        _close(message, State.GIVEN_UP, reason=failure.reason)
    else:
        message.state = State.QUEUED
        message.save(update_fields=["state"])
        enqueue(message, at=next_try)


def _close(message: Message, state: State, *, reason: str) -> None:
    message.close(state)
    record(
        _KINDS[state],
        market=message.market,
        by=SYSTEM,
        subject=message,
        reason=reason,
        attempts=message.attempts,
    )
    count_message(_COUNTED[state], market=message.market, channel=message.channel)
