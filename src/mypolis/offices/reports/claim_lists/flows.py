"""Asks for lists of claims, fetches them, deletes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.flows import open_file, remove
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.guards.flows import spend
from mypolis.offices.reports.event_kinds import ReportEvent
from mypolis.offices.reports.limits import REPORT_FILES
from mypolis.offices.reports.models import ClaimList, ClaimListFetch
from mypolis.offices.reports.retention import CLAIM_LISTS
from mypolis.offices.reports.sums.spans import Span

WRITE = "reports.write_claim_list"


class NotFetched(Exception):
    """The list cannot be fetched: it is not written yet, is gone, or this person fetched it before."""


@dataclass(frozen=True)
class ListFile:
    """The file of a list, in pieces."""

    name: str
    size: int
    pieces: Iterator[bytes]


@transaction.atomic
def ask_for_list(*, span: Span, by: Actor) -> ClaimList:
    """Ask for the list of the claims that were sent on some days; a job writes it. Raises LimitReached."""
    market, now = span.profile.code, timezone.now()
    spend(REPORT_FILES, str(by), market=market)
    days = {"first": span.first, "last": span.last}
    made = ClaimList.objects.create(
        market=market, asked_by=str(by), asked_at=now, expires_at=now + CLAIM_LISTS.life, **days
    )
    record(
        ReportEvent.CLAIM_LIST_ASKED,
        market=market,
        by=by,
        subject=made,
        since=span.first.isoformat(),
        until=span.last.isoformat(),
    )
    app.configure_task(WRITE, queue="upkeep").defer(key=made.pk)
    return made


@transaction.atomic
def fetch_list(*, market: str, key: int, by: Actor) -> ListFile:
    """Return the file of a list; each person gets it once. Raises NotFetched."""
    found = ClaimList.objects.filter(market=market, pk=key, expires_at__gt=timezone.now()).first()
    file = StoredFile.objects.of(found).first() if found is not None else None
    if found is None or file is None:
        raise NotFetched
    _fetch, is_new = ClaimListFetch.objects.get_or_create(list=found, by=str(by))
    if not is_new:
        raise NotFetched
    record(ReportEvent.CLAIM_LIST_FETCHED, market=market, by=by, subject=found, rows=found.rows)
    return ListFile(file.name, file.size, open_file(file=file, owner=found, by=by))


def forget_old_lists(now: datetime) -> int:
    """Delete the lists that have expired, with their files, and return their number."""
    overdue = ClaimList.objects.filter(expires_at__lte=now).values_list("pk", flat=True)
    return sum(_forget(key) for key in list(overdue))


@transaction.atomic
def _forget(key: int) -> int:
    found = ClaimList.objects.select_for_update().filter(pk=key).first()
    if found is None:
        return 0
    for file in StoredFile.objects.of(found):
        remove(file=file, by=SYSTEM)
    record(ReportEvent.CLAIM_LIST_FORGOTTEN, market=found.market, by=SYSTEM, subject=found)
    found.delete()
    return 1
