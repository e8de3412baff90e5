"""A member's contact points, as the member's own page shows them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.lib.phones import mask_phone
from mypolis.foundation.lib.text.masking import mask_email
from mypolis.foundation.markets.profile import ContactKind
from mypolis.membership.accounts.models import Account, ContactPoint, contact_key


@dataclass(frozen=True)
class Contact:
    """One contact point: its masked value, its problem if any, and the journey that changes it."""

    kind: ContactKind
    title: str
    about: str
    journey: str


def spelled(account: Account, kind: ContactKind, typed: str) -> str:
    """The spelling of a typed contact point to use: that of the account or the insurer's file when it is the same."""
    point = account.contact(kind)
    if point is not None and point.key == contact_key(kind, typed):
        return point.value
    return account.person.email_spelled(typed) if kind == "email" else typed


def contacts_of(account: Account) -> list[Contact]:
    """The contact points that members of this market may change."""
    journeys = registry.ways(account.market)
    kinds: tuple[ContactKind, ...] = ("email", "mobile")
    return [_contact(account, kind) for kind in kinds if f"change-{kind}" in journeys]


def _contact(account: Account, kind: ContactKind) -> Contact:
    point = account.contact(kind)
    if point is None:
        none = _("No email address yet") if kind == "email" else _("No mobile number yet")
        return Contact(kind, none, _("Add one so that we can reach you."), f"change-{kind}")
    shown = mask_email(point.value) if kind == "email" else mask_phone(point.value)
    return Contact(kind, shown, _state_of(point), f"change-{kind}")


def _state_of(point: ContactPoint) -> str:
    if point.undeliverable_since is not None:
        return _("Our messages are not getting through.")
    if point.kind == "email" and point.confirmed_at is None:
        return _("Not confirmed yet.")
    return _("Change the email address") if point.kind == "email" else _("Change the mobile number")
