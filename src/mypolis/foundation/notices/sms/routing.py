"""Which gateway takes a message, and what happens when one does not.

A message that a gateway surely did not take goes to the next at once: somebody waits for a code of two minutes. One
that it *may* have taken goes elsewhere only if it does no harm twice (`catalogue.Template.harmless_twice`); else it
stays with a gateway that takes an id once, or is in doubt. `docs/decisions/sms-gateways.md` says why.
"""

from collections.abc import Callable

from mypolis.foundation.notices.catalogue import catalogue
from mypolis.foundation.notices.gateways import DeliveryFailed, Sms
from mypolis.foundation.notices.models import Message
from mypolis.foundation.notices.sms import health
from mypolis.foundation.notices.sms.configured_gateways import BadGateway, gateway_named, gateways
from mypolis.foundation.notices.sms.gateway import SmsGateway


def send_sms(sms: Sms, message: Message, *, remember: Callable[[str], None]) -> str:
    """Hand it to the first gateway that takes it; return that one's id for it. Raises DeliveryFailed.

    `remember` keeps a gateway's name before it hears of the message, and "" once it surely did not take it.
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
    """Whether a message of which `message.gateway` may have taken one already can be sent again."""
    if not message.gateway or _is_harmless_twice(message):
        return True
    gateway = gateway_named(message.gateway)
    return gateway is not None and gateway.takes_an_id_once


def _candidates(message: Message) -> list[SmsGateway]:
    """All, the best first; only the one that may have it already, where a second one would do harm."""
    try:
        if _is_held(message):
            held_by = gateway_named(message.gateway)
            return [held_by] if held_by is not None else []
        return health.in_order(gateways())
    except BadGateway:
        raise DeliveryFailed("MYPOLIS_SMS_URL is wrong") from None


def _is_held(message: Message) -> bool:
    """Whether a gateway may have it already, so that no other may get it."""
    return bool(message.gateway) and not _is_harmless_twice(message)


def _is_harmless_twice(message: Message) -> bool:
    template = catalogue().get(message.template)
    return template is not None and template.harmless_twice
