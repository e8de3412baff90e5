"""Gives and takes roles, closes and reopens accounts. A role that is taken away ends at the person's next request."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.rooms import Role
from mypolis.foundation.staff.entrance.sessions import end_all
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.models import StaffAccount, StaffRole

ADMINISTRATOR: Role = "administrator"


class LastAdministrator(Exception):
    """Nobody would be left who can give roles in this market. `market` is its code."""

    def __init__(self, market: str) -> None:
        super().__init__(market)
        self.market = market


@transaction.atomic
def give_role(
    *, account: StaffAccount, market: str, role: Role, by: Actor, proposed_by: StaffAccount | None = None
) -> bool:
    """Give a role in a market. Returns whether the person did not have it."""
    _row, is_new = StaffRole.objects.get_or_create(
        account=account, market=market, role=role, defaults={"given_by": str(by), "proposed_by": proposed_by}
    )
    if is_new:
        record(StaffEvent.STAFF_ROLE_GIVEN, market=market, by=by, subject=account, role=role)
    return is_new


@transaction.atomic
def take_role(*, account: StaffAccount, market: str, role: Role, by: Actor) -> bool:
    """Take a role away. Returns whether the person had it. Raises LastAdministrator."""
    _lock_administrators(market)
    held = StaffRole.objects.filter(account=account, market=market, role=role)
    if role == ADMINISTRATOR and held.exists():
        _require_another(market, account)
    taken = held.delete()[0] > 0
    if taken:
        record(StaffEvent.STAFF_ROLE_TAKEN, market=market, by=by, subject=account, role=role)
    return taken


@transaction.atomic
def close(*, account: StaffAccount, by: Actor) -> None:
    """Close an account and end its sessions. Its rows stay. Raises LastAdministrator."""
    markets = StaffRole.objects.filter(account=account, role=ADMINISTRATOR).values_list("market", flat=True)
    for market in sorted(markets):
        _lock_administrators(market)
        _require_another(market, account)
    locked = StaffAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if locked.closed_at is None:
        end_all(account=locked, by=by)
        locked.closed_at = account.closed_at = timezone.now()
        locked.save(update_fields=["closed_at"])
        record(StaffEvent.STAFF_CLOSED, market="", by=by, subject=locked)


@transaction.atomic
def reopen(*, account: StaffAccount, by: Actor) -> None:
    """Let somebody in again whose account was closed."""
    if StaffAccount.objects.filter(pk=account.pk, closed_at__isnull=False).update(closed_at=None):
        account.closed_at = None
        record(StaffEvent.STAFF_REOPENED, market="", by=by, subject=account)


def administrators_of(market: str) -> list[StaffAccount]:
    """The open accounts of a market's administrators who have joined."""
    found = StaffAccount.objects.filter(
        roles__market=market, roles__role=ADMINISTRATOR, closed_at=None, joined_at__isnull=False
    )
    return list(found.order_by("pk"))


def owes_role_to(account: StaffAccount, giver: StaffAccount, market: str) -> bool:
    """Whether somebody is an administrator of a market because `giver` proposed or approved it."""
    held = StaffRole.objects.filter(account=account, market=market, role=ADMINISTRATOR)
    return held.filter(Q(proposed_by=giver) | Q(given_by=str(Actor("staff", str(giver.pk))))).exists()


def _lock_administrators(market: str) -> None:
    """Let two changes of one market's administrators happen one after the other: each counts who is left."""
    list(StaffRole.objects.select_for_update().filter(market=market, role=ADMINISTRATOR).order_by("pk"))


def _require_another(market: str, account: StaffAccount) -> None:
    if not any(one.pk != account.pk for one in administrators_of(market)):
        raise LastAdministrator(market)
