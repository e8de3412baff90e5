"""Saves the filters of a list for one colleague, and forgets them."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.models import SavedFilter, StaffAccount

MOST = 10  # for one list; more would be no help


class TooMany(Exception):
    """The colleague has saved as many filters for this list as there is room for."""


@transaction.atomic
def save_filter(*, account: StaffAccount, market: str, path: str, query: str, name: str, by: Actor) -> SavedFilter:
    """Save a filter; the same name replaces the earlier one. Raises TooMany."""
    StaffAccount.objects.select_for_update().get(pk=account.pk)  # two tabs must not pass the limit together
    others = SavedFilter.objects.filter(account=account, path=path)
    if others.exclude(name=name).count() >= MOST:
        raise TooMany
    row, _is_new = others.update_or_create(account=account, path=path, name=name, defaults={"query": query})
    record(StaffEvent.FILTER_SAVED, market=market, by=by, subject=row)
    return row


@transaction.atomic
def forget_filter(*, account: StaffAccount, market: str, key: int, by: Actor) -> str | None:
    """Forget one of the colleague's filters. Returns the path of its list; None if there is none of this key."""
    row = SavedFilter.objects.select_for_update().filter(account=account, pk=key).first()
    if row is None:
        return None
    record(StaffEvent.FILTER_FORGOTTEN, market=market, by=by, subject=row)
    row.delete()
    return row.path
