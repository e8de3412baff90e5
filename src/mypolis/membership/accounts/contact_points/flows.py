"""Writes contact points. Each writer records its event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, place
from mypolis.foundation.markets.profile import ContactKind
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.messages import notify_at, reachable_contacts
from mypolis.membership.accounts.models import Account, ContactPoint, contact_key

_HELD = Prepared(
    lambda: ContactPoint.objects.filter(
        Q(kind="email", key=place("email")) | Q(kind="mobile", key=place("mobile")),
        market=place("market"),
        exclusive=True,
        confirmed_at__isnull=False,
    ).select_related("account")
)


class ContactTaken(Exception):
    """Another account holds this confirmed contact point."""

    def __init__(self, kind: ContactKind) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class NewContact:
    """A contact point for an account; `confirmed` when possession was proven, or the insurer had it on file."""

    kind: ContactKind
    value: str
    confirmed: bool


@transaction.atomic(savepoint=False)
def add_contact(*, account: Account, contact: NewContact, by: Actor) -> ContactPoint:
    """Give an account a contact point. Raises ContactTaken."""
    return add_contacts(account=account, contacts=[contact], by=by)[0]


@transaction.atomic(savepoint=False)
def add_contacts(*, account: Account, contacts: Sequence[NewContact], by: Actor) -> list[ContactPoint]:
    """Give an account contact points, with one statement. Raises ContactTaken."""
    points = [_new_point(account, contact) for contact in contacts]
    try:
        with transaction.atomic():
            ContactPoint.objects.bulk_create(points)
    except IntegrityError:
        holders = holders_of(account.market, {contact.kind: contact.value for contact in contacts if contact.confirmed})
        raise ContactTaken(
            next((contact.kind for contact in contacts if contact.kind in holders), contacts[0].kind)
        ) from None
    for point in points:
        is_confirmed = point.confirmed_at is not None
        record(AccountEvent.CONTACT_ADDED, market=account.market, by=by, subject=point, confirmed=is_confirmed)
    return points


def _new_point(account: Account, contact: NewContact) -> ContactPoint:
    return ContactPoint(
        account=account,
        market=account.market,
        kind=contact.kind,
        value=contact.value,
        key=contact_key(contact.kind, contact.value),
        exclusive=contact.kind in account.profile.exclusive_contacts,
        confirmed_at=timezone.now() if contact.confirmed else None,
    )


@transaction.atomic
def change_contact(*, account: Account, contact: NewContact, by: Actor) -> None:
    """Replace the account's contact point of this kind with a proven one. Raises ContactTaken.

    Notifies the member at the old contact point and at the other one, if they may receive messages. Temporary
    passwords that were sent to an old e-mail address become invalid. Passing the current contact point only
    confirms it.
    """
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)  # sign-in and recovery take this lock too
    points = {point.kind: point for point in account.contact_points.all()}
    point, key = points.get(contact.kind), contact_key(contact.kind, contact.value)
    reachable = reachable_contacts(points.values())
    if point is None:
        add_contact(account=account, contact=contact, by=by)
    else:
        is_another, point.value, point.key = point.key != key, contact.value, key
        point.confirmed_at, point.undeliverable_since = timezone.now(), None
        try:
            with transaction.atomic():
                point.save(update_fields=["value", "key", "confirmed_at", "undeliverable_since"])
        except IntegrityError:
            raise ContactTaken(contact.kind) from None
        kind = AccountEvent.CONTACT_CHANGED if is_another else AccountEvent.CONTACT_CONFIRMED
        record(kind, market=account.market, by=by, subject=point)
        if not is_another:
            return
    if contact.kind == "email":
        account.temporary_passwords.filter(used_at=None).update(used_at=timezone.now())
    notify_at(reachable, account, "contact-changed", by=by)


def holder_of(market: str, kind: ContactKind, value: str) -> Account | None:
    """The account that holds a confirmed, exclusive contact point; None when it is free."""
    return holders_of(market, {kind: value}).get(kind)


def holders_of(market: str, contacts: Mapping[ContactKind, str]) -> dict[str, Account]:
    """The accounts that hold these confirmed, exclusive contact points, by kind, without those that are free."""
    keys = {kind: contact_key(kind, value) for kind, value in contacts.items()}
    points = _HELD.all(market=market, email=keys.get("email"), mobile=keys.get("mobile"))
    return {point.kind: point.account for point in points}
