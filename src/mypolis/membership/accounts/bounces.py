"""Members' e-mail addresses that bounce: marked when a bounce is reported, cleared when a message arrives."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, place
from mypolis.foundation.notices.bounces import Bounce
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.models import ContactPoint, contact_key

_UNDELIVERABLE = Prepared(
    lambda: ContactPoint.objects.filter(
        market=place("market"), kind="email", key=place("key"), undeliverable_since__isnull=False
    ).select_for_update()
)


@transaction.atomic
def mark(bounce: Bounce, by: Actor) -> None:
    """Mark the address in every account that has it, unless it was confirmed after the bounce."""
    points = ContactPoint.objects.filter(
        Q(confirmed_at=None) | Q(confirmed_at__lte=bounce.at),
        kind="email",
        key=contact_key("email", bounce.address),
        undeliverable_since=None,
        **({"market": bounce.market} if bounce.market else {}),
    )
    for point in points.select_for_update():
        point.undeliverable_since = bounce.at
        point.save(update_fields=["undeliverable_since"])
        record(AccountEvent.CONTACT_BOUNCED, market=point.market, by=by, subject=point, cause=bounce.cause)


@transaction.atomic
def arrived(address: str | None, *, market: str, by: Actor) -> None:
    """Clear the mark in every account with this address, because a code sent there was entered."""
    if address is None:
        return
    for point in _UNDELIVERABLE.all(market=market, key=contact_key("email", address)):
        point.undeliverable_since = None
        if point.confirmed_at is not None:
            point.confirmed_at = timezone.now()
        point.save(update_fields=["undeliverable_since", "confirmed_at"])
        record(AccountEvent.CONTACT_CONFIRMED, market=market, by=by, subject=point)
