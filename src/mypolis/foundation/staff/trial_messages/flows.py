"""Sends a test message through the real queue, and says what became of it."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.markets.profile import Channel
from mypolis.foundation.notices.flows import send
from mypolis.foundation.notices.models import MOVING, Message, State
from mypolis.foundation.staff.limits import TEST_MESSAGES
from mypolis.foundation.staff.models import StaffAccount

TEMPLATE = "test-message"
LIFE = timedelta(hours=1)
_SALT = "mypolis.staff.trial-message"

type Result = Literal["waiting", "sent", "delivered", "failed"]


def sends_sms() -> bool:
    """Whether this deployment has an SMS gateway."""
    return bool(settings.MYPOLIS.sms_addresses)


@transaction.atomic
def send_to_oneself(*, account: StaffAccount, market: str, channel: Channel, mobile: str = "", by: Actor) -> str:
    """Send it: by e-mail to the account's own address, by SMS to `mobile` (E.164). Returns a text that names it.

    Raises LimitReached, and ValueError for an SMS without a number or a gateway.
    """
    if channel == "sms" and not (mobile and sends_sms()):
        raise ValueError("no number, or no gateway")
    spend(TEST_MESSAGES, str(account.pk), market=market)
    profile = profile_of(market)
    message = send(
        market=market,
        channel=channel,
        to=account.email if channel == "email" else mobile,
        template=TEMPLATE,
        language=account.language if account.language in profile.languages else profile.default_language,
        context={},
        useless_after=timezone.now() + LIFE,
        by=by,
    )
    return signing.dumps([str(message.pk), account.pk], salt=_SALT)


def result_of(sent: str, *, account: StaffAccount, market: str) -> Result | None:
    """Return what became of a message that this colleague sent; None for any other text."""
    try:
        key, sender = signing.loads(sent, salt=_SALT)
    except (signing.BadSignature, UnicodeError):
        return None
    message = Message.objects.filter(pk=UUID(key), market=market).defer("to", "context").first()
    if message is None or sender != account.pk:
        return None
    if message.state in MOVING:
        return "waiting"
    if message.receipt:
        return "delivered" if message.receipt == "delivered" else "failed"
    return "sent" if message.state == State.TAKEN else "failed"
