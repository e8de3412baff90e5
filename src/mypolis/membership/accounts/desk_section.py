"""The account of a person, for the desk: since when, its contact points, where it is signed in."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mypolis.foundation.lib.device_names import name_of_client
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.desk_page import PersonSection
from mypolis.membership.people.models import Person


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


ACCOUNT = PersonSection("account", 10, "accounts/desk/account.html", account_at_desk)
