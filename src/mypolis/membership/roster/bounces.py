"""Bounced invitations: their links end, and reports name the rows until a list has another address for the person."""

from collections import defaultdict

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record_many
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.notices.bounces import Bounce
from mypolis.membership.roster.event_kinds import RosterEvent
from mypolis.membership.roster.invitations import void
from mypolis.membership.roster.models import BouncedAddress, Invitation


@transaction.atomic
def mark(bounce: Bounce, by: Actor) -> None:
    """Record the address in every market that has an open invitation to it from before the bounce."""
    key = fold_email(bounce.address)
    pending = Invitation.objects.pending().filter(email_key=key, sent_at__lte=bounce.at)
    if bounce.market:
        pending = pending.filter(person__market=bounce.market)
    found = defaultdict[str, list[Invitation]](list)
    for invitation in pending.select_related("person", "message").order_by("pk"):
        found[invitation.person.market].append(invitation)
    for market, invitations in found.items():
        BouncedAddress.objects.update_or_create(
            market=market,
            email_key=key,
            defaults={"cause": bounce.cause, "at": bounce.at, "by_kind": by.kind, "by_id": by.id},
        )
        record_many(RosterEvent.INVITATION_BOUNCED, market=market, by=by, subjects=invitations)
        void(invitations, market=market, by=by)
