"""The only code that writes the inbox: it stores the messages that partners accepted, and counts repeats."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mypolis.demo.mail_reader import code_in, links_in, read_mail
from mypolis.demo.models import InboxMessage
from mypolis.foundation.markets import market_codes
from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.web.branding.brand import brand_of


class UnknownSender(Exception):
    """No served market uses this sender name."""


@dataclass(frozen=True, kw_only=True)
class Sms:
    """A text message as the gateway received it: `id` is the sender's own, `to` is E.164."""

    id: str
    sender: str
    to: str
    text: str


def keep_mail(content: bytes, recipients: list[str]) -> None:
    """Store an email once per recipient. Raises ValueError or UnknownSender if it must be refused."""
    mail = read_mail(content)
    market = _market_of(mail.sender, "email")
    for recipient in recipients:
        _keep(
            channel="email",
            message_id=mail.message_id,
            to=recipient,
            market=market,
            subject=mail.subject[:250],
            text=mail.text,
            html=mail.html,
        )


def keep_sms(sms: Sms) -> None:
    """Store a text message. Raises UnknownSender."""
    market = _market_of(sms.sender, "sms")
    _keep(channel="sms", message_id=sms.id, to=sms.to, market=market, text=sms.text)


@transaction.atomic
def _keep(*, channel: Channel, message_id: str, to: str, text: str, **rest: str) -> None:
    found = {"text": text, "links": links_in(text), "code": code_in(text), "sent_at": timezone.now()}
    message, is_new = InboxMessage.objects.get_or_create(
        channel=channel, message_id=_short(message_id), to=to, defaults={**found, **rest}
    )
    if not is_new:
        InboxMessage.objects.filter(pk=message.pk).update(received_times=F("received_times") + 1)


def _market_of(sender: str, channel: Channel) -> str:
    for code in market_codes():
        brand = brand_of(code)
        if sender.lower() == (brand.sender_email if channel == "email" else brand.sender_sms).lower():
            return code
    raise UnknownSender(f"no market sends as {sender}")


def _short(message_id: str) -> str:
    """Replace an id that is longer than the column by its digest."""
    return message_id if len(message_id) <= 250 else hashlib.sha256(message_id.encode()).hexdigest()
