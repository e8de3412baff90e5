"""Which guarantees a member may see. Other modules check access here only."""

import re
from uuid import UUID

from django.db.models import Q

from mypolis.foundation.events import Actor
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeQuerySet
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import claimable, record_viewing

_NUMBER = re.compile(r"[A-Z0-9-]{1,20}")


class UnknownGuarantee(Exception):
    """The guarantee does not exist, or this member may not see it. The caller cannot tell which."""


def guarantees_of(account: Account) -> GuaranteeQuerySet:
    """The guarantees that a member may see, newest first: the same rule as for claims.

    Their own and those of their children. Of the giver of a mandate or consent, those that the member asked for under
    it, as long as it is active.
    """
    visible = Q(membership__person=account.person_id)
    for one in claimable(account):
        if one.bases:
            visible |= Q(account=account, basis__in=one.bases)
        elif one.role != "self":
            visible |= Q(membership__in=[row.pk for row in one.memberships])
    rows = Guarantee.objects.filter(visible).select_related("membership__policy", "membership__person", "provider")
    return rows.order_by("-asked_at", "-id")


def find(account: Account, guarantee: str | UUID) -> Guarantee:
    """One guarantee that the member may see. Raises UnknownGuarantee."""
    try:
        key = UUID(str(guarantee))
    except ValueError:
        raise UnknownGuarantee from None
    found = guarantees_of(account).filter(pk=key).first()
    if found is None:
        raise UnknownGuarantee
    return found


def find_numbered(account: Account, number: str) -> Guarantee:
    """One guarantee that the member may see, by its number. Raises UnknownGuarantee."""
    found = guarantees_of(account).filter(number=number).first() if _NUMBER.fullmatch(number) else None
    if found is None:
        raise UnknownGuarantee
    return found


def record_viewings(account: Account, guarantees: list[Guarantee], *, by: Actor) -> None:
    """Record that a member opened guarantees of others. Their own leave no record."""
    others = {one.membership.person_id for one in guarantees} - {account.person_id}
    for one in claimable(account) if others else ():
        if one.person.pk in others:
            record_viewing(account, one, "claims", by=by)
