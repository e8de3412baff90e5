"""Checks one received file."""

from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO, Final
from uuid import UUID

import structlog
from django.db import connection, models, transaction
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.checking.cleaned_names import cleaned_name
from mypolis.foundation.files.checking.previews import store_previews
from mypolis.foundation.files.cleaning.cleaner import Cleaned, CleanerStuckError, Refused, clean, file_in_memory
from mypolis.foundation.files.cleaning.frames import PIECE
from mypolis.foundation.files.cleaning.reasons import Reason
from mypolis.foundation.files.counters import count_check
from mypolis.foundation.files.event_kinds import FileEvent
from mypolis.foundation.files.flows import store
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.owners import locked_owner, owners_of
from mypolis.foundation.files.receiving import open_received, seal_until
from mypolis.foundation.files.retention import REFUSED
from mypolis.foundation.files.scanning.configured_scanner import BadScannerError, scanner
from mypolis.foundation.files.scanning.scanner import Scanner, ScannerAwayError
from mypolis.foundation.lib.crypto.sealed_stream import BrokenStreamError
from mypolis.foundation.markets import market
from mypolis.foundation.rooms import extensions

_NOT_YET: Final = (ScannerAwayError, BadScannerError, CleanerStuckError, OSError)
_log = structlog.get_logger(__name__)


def check(received_id: UUID) -> None:
    """Scan and clean a received file, and record the result. Does nothing for a file that was checked or removed.

    If that is not possible now, for example because the scanner is away or the disk is full, the file stays
    `checking`, and another job tries again in a minute.
    """
    received = ReceivedFile.objects.waiting().filter(pk=received_id).first()
    if received is None:
        return
    if not owners_of(received).exists():
        _log.error("files.owner_gone", file=str(received.pk))
        return
    try:
        outcome = _examined(received)
        if isinstance(outcome, Refused):
            _record(received, outcome)
            return
        with closing(outcome.content):
            _record(received, outcome)
    except _NOT_YET as error:
        count_check(received.market, "put_off")
        _log.warning("files.check_put_off", file=str(received.pk), error=type(error).__name__)
    except BrokenStreamError:
        _log.error("files.received_broken", file=str(received.pk))


def refuse_unchecked(received: ReceivedFile) -> None:
    """Refuse a file whose bytes must be deleted now, unless it was checked or removed meanwhile."""
    _record(received, Refused("not_checked"))


class _FoundInside(Exception):
    """The scanner found something in a decoded stream."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def _examined(received: ReceivedFile) -> Cleaned | Refused:
    """Scan the bytes as they came, clean them, and scan what was decoded on the way."""
    scans = scanner()
    with file_in_memory() as source:
        source.writelines(open_received(received))
        _give_back_connection()
        verdict = scans.scan(_pieces(source))
        if verdict.result != "clean":
            return Refused(verdict.result)
        try:
            return clean(source, look=lambda stream: _require_clean(scans, stream))
        except _FoundInside as found:
            return Refused(found.reason)


def _give_back_connection() -> None:
    """Let others use the connection to the database: scans can take minutes, and the pool has few connections."""
    if not connection.in_atomic_block:
        connection.close()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """All of an open file."""
    file.seek(0)
    return iter(lambda: file.read(PIECE), b"")


def _require_clean(scans: Scanner, stream: Iterator[bytes]) -> None:
    """Raises _FoundInside."""
    verdict = scans.scan(stream)
    if verdict.result != "clean":
        raise _FoundInside(verdict.result)


@transaction.atomic
def _record(received: ReceivedFile, outcome: Cleaned | Refused) -> None:
    owner = locked_owner(received)
    now = ReceivedFile.objects.waiting().select_for_update().filter(pk=received.pk).first()
    if owner is None or now is None:  # removed, or checked by another job
        return
    if isinstance(outcome, Cleaned):
        _accept(now, outcome, owner)
        codes = outcome.codes
    else:
        now.state, now.reason, codes = ReceivedState.REFUSED, outcome.reason, ()
    now.checked_at = timezone.now()
    now.save(update_fields=["state", "reason", "pages", "cleaned", "trace", "checked_at"])
    facts = {"state": str(now.state), "reason": now.reason, "pages": now.pages}
    record(FileEvent.RECEIVED_FILE_CHECKED, market=now.market, by=SYSTEM, subject=now, **facts)
    if now.state == ReceivedState.REFUSED and now.reason != "not_checked":  # those bytes are deleted at once
        seal_until(received=now, day=market(now.market).today() + REFUSED.life, by=SYSTEM)
    for tell in extensions("files.checked"):
        tell(received=now, codes=codes, by=SYSTEM)
    count_check(now.market, now.reason or "clean")


def _accept(received: ReceivedFile, cleaned: Cleaned, owner: models.Model) -> None:
    received.cleaned = store(
        market=received.market,
        owner=owner,
        kind=received.kind,
        name=cleaned_name(received.name, cleaned.media_type),
        media_type=cleaned.media_type,
        content=_pieces(cleaned.content),
        by=SYSTEM,
    )
    store_previews(received, cleaned.previews)
    received.state, received.pages, received.trace = ReceivedState.CLEAN, cleaned.pages, cleaned.trace
