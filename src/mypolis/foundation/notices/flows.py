"""Other rooms call this module to send a message or withdraw one."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone

from mypolis.foundation.events.actor import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.postgres.prepared_writes import insert
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.notices.catalogue import Value, catalogue
from mypolis.foundation.notices.event_kinds import NoticeEvent
from mypolis.foundation.notices.models import Message, State
from mypolis.foundation.notices.queue import enqueue


@transaction.atomic(savepoint=False)
def send(
    *,
    market: str,
    channel: Channel,
    to: str | None,
    template: str,
    language: str,
    context: Mapping[str, Value],
    by: Actor,
    urgent: bool = False,
    useless_after: datetime | None = None,
    whose: str = "",
) -> Message:
    """Write a message and the job that delivers it, both in the caller's transaction.

    `to` is an e-mail address or an E.164 number. None makes a decoy: it passes through the queue like any other
    message, so that nobody can tell from outside that nothing was sent. `urgent` messages are sent before the others.
    After `useless_after` the message is no longer sent. `whose` is the recipient's row, as `row_name` gives it.
    Raises ValueError when the template, its channel, the language or the keys of `context` do not match the catalogue
    and the market.
    """
    _check(market=market, channel=channel, template=template, language=language, context=context)
    message = Message(
        market=market,
        channel=channel,
        to=to,
        template=template,
        language=language,
        context=dict(context),
        urgent=urgent,
        useless_after=useless_after,
        created_at=timezone.now(),
        whose=whose if to is not None else "",
    )
    insert(message)
    enqueue(message)
    record(NoticeEvent.MESSAGE_QUEUED, market=market, by=by, subject=message, template=template, channel=channel)
    return message


def row_name(row: models.Model) -> str:
    """The name of a row for `whose`, such as "accounts.account:7"."""
    return f"{row._meta.label_lower}:{row.pk}"


@transaction.atomic(savepoint=False)
def withdraw(message: Message, *, by: Actor) -> bool:
    """Withdraw a message that is still waiting. Returns whether it was. A message that is being sent is not stopped.

    A message that a gateway may already have is not sent again and ends in the state "in doubt".
    """
    waiting = Message.objects.select_for_update().filter(pk=message.pk, state=State.QUEUED).first()
    if waiting is None:
        return False
    waiting.close(State.WITHDRAWN)
    kind = NoticeEvent.MESSAGE_IN_DOUBT if waiting.state == State.IN_DOUBT else NoticeEvent.MESSAGE_WITHDRAWN
    record(kind, market=waiting.market, by=by, subject=waiting)
    return True


def _check(*, market: str, channel: Channel, template: str, language: str, context: Mapping[str, Value]) -> None:
    known = catalogue().get(template)
    if known is None or channel not in known.channels:
        raise ValueError(f"no template {template!r} for {channel}")
    if language not in profile_of(market).languages:
        raise ValueError(f"{language!r} is no language of market {market!r}")
    if context.keys() != known.sample.keys():
        raise ValueError(f"{template!r} takes {sorted(known.sample)}, not {sorted(context)}")
