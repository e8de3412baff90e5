"""Chooses the gateway for a message, and decides what happens when one fails.

If a gateway certainly did not accept the message, the next gateway gets it at once, because somebody may wait for a
code that is valid for two minutes. If a gateway *may* have accepted it, another one gets it only if receiving it twice
does no harm (`catalogue.Template.harmless_twice`). Otherwise we retry it at the same gateway if that one deduplicates
by id, or else leave it in doubt. `docs/decisions/sms-gateways.md` explains why.
"""

from collections.abc import Callable

from mypolis.foundation.notices.catalogue import catalogue
from mypolis.foundation.notices.gateways import DeliveryFailed, Sms
from mypolis.foundation.notices.models import Message
from mypolis.foundation.notices.sms import health
from mypolis.foundation.notices.sms.configured_gateways import BadGateway, gateway_named, gateways
from mypolis.foundation.notices.sms.gateway import SmsGateway


def send_sms(sms: Sms, message: Message, *, remember: Callable[[str], None]) -> str:
    """Send it through the first gateway that accepts it; return that gateway's id for it. Raises DeliveryFailed.

    `remember` is called with a gateway's name before the gateway is contacted, and with "" once the gateway certainly
    did not accept the message.
    """
    failure = DeliveryFailed("no SMS gateway is set", permanent=True)
    may_be_held = bool(message.gateway)
    for gateway in _candidates(message):
        remember(gateway.name)
        try:
            provider_id = gateway.send(sms)
        except DeliveryFailed as error:
            failure = error
        else:
            health.worked(gateway)
            return provider_id
        may_be_held = may_be_held or failure.unsure
        if not may_be_held:
            remember("")
        if failure.permanent:
            health.refused(gateway)
            break
        health.failed(gateway, failure)
        if may_be_held and not _is_harmless_twice(message):
            break
    raise failure


def may_send_again(message: Message) -> bool:
    """Whether a message that `message.gateway` may already have accepted can be sent again."""
    if not message.gateway or _is_harmless_twice(message):
        return True
    gateway = gateway_named(message.gateway)
    return gateway is not None and gateway.takes_an_id_once


def _candidates(message: Message) -> list[SmsGateway]:
    """All gateways, best first; only the one that may already have the message if sending it twice would do harm."""
    try:
        if _is_held(message):
            held_by = gateway_named(message.gateway)
            return [held_by] if held_by is not None else []
        return health.in_order(gateways())
    except BadGateway:
        raise DeliveryFailed("MYPOLIS_SMS_URL is wrong") from None


def _is_held(message: Message) -> bool:
    """Whether a gateway may already have the message, so that no other gateway may get it."""
    return bool(message.gateway) and not _is_harmless_twice(message)


def _is_harmless_twice(message: Message) -> bool:
    template = catalogue().get(message.template)
    return template is not None and template.harmless_twice
