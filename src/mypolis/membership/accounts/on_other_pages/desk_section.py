"""The account of a person, for the desk: its contact points, where it is signed in, which messages were sent."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from mypolis.foundation.lib.device_names import name_of_client
from mypolis.foundation.notices.catalogue import catalogue
from mypolis.foundation.notices.flows import row_name
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.desk_page import PersonSection
from mypolis.membership.people.models import Person

_MESSAGES = 30


def account_at_desk(_request: HttpRequest, person: Person) -> dict[str, Any]:
    """The account, its newest username, contact points, and devices, signed in or not. `account` can be None."""
    account: Account | None = getattr(person, "account", None)
    if account is None:
        return {"account": None}
    now = timezone.now()
    devices = list(account.devices.order_by("-last_seen_at", "-pk")[:20])
    active = {one.pk for one in devices if one.session_hash and one.idle_until and one.ends_at}
    active &= {one.pk for one in devices if (one.idle_until or now) > now and (one.ends_at or now) > now}
    return {
        "account": account,
        "username": account.username_or_none,
        "points": list(account.contact_points.all()),
        "seen_at": max((one.last_seen_at for one in devices if one.last_seen_at), default=None),
        "devices": [(name_of_client(one.client), one, one.pk in active) for one in devices],
    }


def messages_at_desk(_request: HttpRequest, person: Person) -> dict[str, Any]:
    """The newest messages to the person, each with what it is about and the name of its channel.

    Without their contents, which are deleted once a message is sent.
    """
    account: Account | None = getattr(person, "account", None)
    rows = [person] if account is None else [person, account]
    sent = Message.objects.filter(whose__in=[row_name(row) for row in rows]).order_by("-created_at")
    fields = ("template", "channel", "state", "receipt", "created_at")
    channels = {"email": gettext("Email"), "sms": "SMS"}
    return {"messages": [(one, _about(one), channels[one.channel]) for one in sent.only(*fields)[:_MESSAGES]]}


def _about(message: Message) -> str:
    """What a message is about; its bare name, if a later version no longer declares it."""
    template = catalogue().get(message.template)
    return template.label if template else message.template


MESSAGES = PersonSection("history", 10, "accounts/desk/messages.html", messages_at_desk)
ACCOUNT = PersonSection("account", 10, "accounts/desk/account.html", account_at_desk)
