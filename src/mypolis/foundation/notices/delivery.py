"""Delivers one message in the worker: claims it, hands it to the partner, and records the result.

A message is never sent twice: the claim is committed before the partner is contacted. If a worker died after the
claim, the message is sent again only where that does no harm (`sms/routing.py`).
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Literal
from uuid import UUID

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from mypolis.foundation.events.actor import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.notices import decoys
from mypolis.foundation.notices.bounces import Bounce, bounced
from mypolis.foundation.notices.counters import count_message
from mypolis.foundation.notices.decoys import Outcome
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.gateways import DeliveryFailed, Email, EmailGateway, Sms
from mypolis.foundation.notices.models import MOVING, Message, State
from mypolis.foundation.notices.queue import enqueue
from mypolis.foundation.notices.rendering import parcel_of
from mypolis.foundation.notices.sms.routing import may_send_again, send_sms

TRY_AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 60, 300, 900, 3600))
OUTWAIT_SECONDS = 30.0

_KINDS = {
    State.GIVEN_UP: NoticeEvent.MESSAGE_GIVEN_UP,
    State.WITHDRAWN: NoticeEvent.MESSAGE_WITHDRAWN,
    State.IN_DOUBT: NoticeEvent.MESSAGE_IN_DOUBT,
}

_COUNTED: dict[State, Literal["given_up", "withdrawn", "in_doubt"]] = {
    State.GIVEN_UP: "given_up",
    State.WITHDRAWN: "withdrawn",
    State.IN_DOUBT: "in_doubt",
}

_log = structlog.get_logger(__name__)


def deliver(message_id: UUID) -> None:
    """Send the message if it is still waiting. Idempotent."""
    claimed = _claim(message_id)
    if claimed is None:
        return
    message, parcel = claimed
    try:
        provider_id = _send(message, parcel)
    except DeliveryFailed as failure:
        _write_down(partial(_failed, message_id, failure))
    else:
        _write_down(partial(_taken, message_id, provider_id))


def expire(message: Message) -> None:
    """Close an expired message, in the caller's transaction."""
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
    if message.state == State.SENDING and not _may_send_again(message):
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
        provider_id = _hand_over(message, parcel)
    except DeliveryFailed as failure:
        if not failure.permanent:
            decoys.remember(message.channel, Outcome(time.monotonic() - began, failure.reason))
        raise
    decoys.remember(message.channel, Outcome(time.monotonic() - began))
    return provider_id


def _hand_over(message: Message, parcel: Email | Sms) -> str:
    if isinstance(parcel, Email):
        return EmailGateway(settings.MYPOLIS.smtp_url).send(parcel)
    return send_sms(parcel, message, remember=partial(_remember, message))


def _remember(message: Message, gateway: str) -> None:
    """Store which gateway may have the message; commits before the gateway is contacted."""
    message.gateway = gateway
    message.save(update_fields=["gateway"])


def _may_send_again(message: Message) -> bool:
    """Whether a message that a partner may have accepted can be sent again; never for an e-mail."""
    return message.channel == "sms" and may_send_again(message)


def _write_down(write: Callable[[], None]) -> None:
    """Store the partner's answer. Only this process knows it, so it retries while the database is unavailable."""
    deadline = time.monotonic() + OUTWAIT_SECONDS
    while True:
        try:
            write()
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
            connection.close_if_unusable_or_obsolete()
        else:
            return


@transaction.atomic(durable=True)
def _taken(message_id: UUID, provider_id: str) -> None:
    now = timezone.now()
    # A message that looked interrupted was in fact accepted.
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.state in (State.SENDING, State.IN_DOUBT):
        message.close(State.TAKEN, taken_at=now, provider_id=provider_id)
        record(NoticeEvent.MESSAGE_TAKEN, market=message.market, by=SYSTEM, subject=message)
        count_message("taken", market=message.market, channel=message.channel)


@transaction.atomic(durable=True)
def _failed(message_id: UUID, failure: DeliveryFailed) -> None:
    message = Message.objects.select_for_update().filter(pk=message_id, state=State.SENDING).first()
    if message is None:
        return
    next_try = timezone.now() + TRY_AGAIN_AFTER[min(message.attempts, len(TRY_AGAIN_AFTER)) - 1]
    _log.warning("message.failed", message=str(message_id), reason=failure.reason, attempt=message.attempts)
    if failure.no_such_address and message.to:
        bounced(Bounce(address=message.to, market=message.market, cause="refused", at=timezone.now()), by=SYSTEM)
    if failure.unsure and not _may_send_again(message):
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
        _KINDS[State(message.state)],
        market=message.market,
        by=SYSTEM,
        subject=message,
        reason=reason,
        attempts=message.attempts,
    )
    count_message(_COUNTED[State(message.state)], market=message.market, channel=message.channel)
