"""The core system's feed of entries. Entries are accepted as facts, in any order and any number of times.

Limits do not apply here, because the core system has already decided. A bad row is reported and the others are
loaded. Rows are committed in batches; after an interrupted feed, load the same file again.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record, record_many
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.event_kinds import CoverageEvent
from mypolis.insurance.coverage.feeds.feed_rows import FeedRow, read_rows, rows_of
from mypolis.insurance.coverage.feeds.member_lookup import MemberFinder
from mypolis.insurance.coverage.ledger.entries import add_to_balances, lock_memberships
from mypolis.insurance.coverage.models import Entry, FeedLoad
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import plans_on
from mypolis.insurance.coverage.problems import Problem
from mypolis.membership.people.models import Membership

BATCH = 1_000
_TRIES = 3
MOST_KEPT = 1_000
_SAME = (
    *("kind", "membership_id", "benefit", "currency", "amount", "count", "day", "case", "visit", "pregnancy"),
    "reservation",
)

type OnProblem = Callable[[Problem], object]


@dataclass
class FeedReport:
    """How many rows were loaded, already known, or refused, and why.

    Only the first `MOST_KEPT` problems are kept, so that a file of bad rows needs no more memory than a good one;
    `more_errors` counts the rest. `on_problem` is called for every problem, in file order.
    """

    rows: int = 0
    taken: int = 0
    repeated: int = 0
    refused: int = 0
    errors: list[Problem] = field(default_factory=list)
    more_errors: int = 0
    on_problem: OnProblem | None = field(default=None, repr=False)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Count the refused rows of a batch."""
        found = sorted(problems, key=lambda problem: (problem.line, problem.place))
        room = MOST_KEPT - len(self.errors)
        self.errors += found[:room]
        self.more_errors += len(found[room:])
        self.refused += len({problem.line for problem in found})
        if self.on_problem is not None:
            for problem in found:
                self.on_problem(problem)

    @property
    def counts(self) -> dict[str, int]:
        """All counts by name."""
        return {"rows": self.rows, "taken": self.taken, "repeated": self.repeated, "refused": self.refused}

    def as_json(self) -> dict[str, Any]:
        """The JSON that `--json` prints; `more_errors` only if there are more problems than are kept."""
        more = {"more_errors": self.more_errors} if self.more_errors else {}
        return {**self.counts, "errors": [problem.as_json() for problem in self.errors], **more}


def load_feed(
    *, market: str, path: Path, by: Actor, as_of: datetime | None = None, on_problem: OnProblem | None = None
) -> FeedReport:
    """Load a feed (CSV, a spreadsheet, or JSON lines); `as_of` is the time of the core system's data, by default now.

    `on_problem` is called with each problem as soon as it is found.

    Raises TabularError if the file is not a table.
    """
    profile = profile_of(market)
    report = FeedReport(on_problem=on_problem)
    _take_all(read_rows(path, profile), profile, report, by=by)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _keep(report, profile, digest, as_of, by=by)
    return report


@transaction.atomic
def take_entries(*, market: str, entries: list[object], by: Actor, as_of: datetime | None = None) -> FeedReport:
    """Load entries that a program sent: objects with a feed's columns; `line` is the position in the list, from 1.

    A call contains only part of the core system's data. Only a call with `as_of` changes the date that members see.
    """
    profile = profile_of(market)
    report = FeedReport()
    _take_all(rows_of(entries, profile), profile, report, by=by)
    if as_of is not None:
        digest = hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
        _keep(report, profile, digest, as_of, by=by)
    return report


def _take_all(rows: Iterable[FeedRow | Problem], profile: Profile, report: FeedReport, *, by: Actor) -> None:
    for batch in batched(rows, BATCH):
        _take(batch, profile, report, by=by)


def _keep(report: FeedReport, profile: Profile, digest: str, as_of: datetime | None, *, by: Actor) -> None:
    """Record the feed. A time in the future becomes now, since the other system's clock is ahead of ours."""
    now = timezone.now()
    moment = min(as_of or now, now)
    with transaction.atomic():
        kept = FeedLoad.objects.create(market=profile.code, file_sha256=digest, as_of=moment, **report.counts)
        record(CoverageEvent.COVER_FEED_LOADED, market=profile.code, by=by, subject=kept, **report.counts)


def _take(batch: Iterable[FeedRow | Problem], profile: Profile, report: FeedReport, *, by: Actor) -> None:
    """Load one batch, all or nothing, and add the result to the report."""
    found = list(batch)
    rows = [row for row in found if isinstance(row, FeedRow)]
    for left in reversed(range(_TRIES)):
        problems = [row for row in found if isinstance(row, Problem)]
        try:
            taken, repeated = _write(rows, profile, problems, by=by)
            break
        except IntegrityError:  # another feed has just inserted one of these ids: it is known now
            if not left:
                raise
    report.rows += len({row.line for row in found})
    report.taken += taken
    report.repeated += repeated
    report.refuse(problems)


@transaction.atomic
def _write(rows: list[FeedRow], profile: Profile, problems: list[Problem], *, by: Actor) -> tuple[int, int]:
    """Returns the numbers of loaded and of already known rows; adds the problems of the others to `problems`."""
    entries = list(_entries(rows, profile, problems))
    lock_memberships(entry.membership_id for _line, entry in entries)
    new = _insert([entry for _line, entry in entries])
    written = [entry for _line, entry in entries if id(entry) in new]
    add_to_balances(written)
    record_many(CoverageEvent.COVER_ENTRY_WRITTEN, market=profile.code, by=by, subjects=written)
    return len(new), _compare([(line, entry) for line, entry in entries if id(entry) not in new], problems)


def _entries(rows: list[FeedRow], profile: Profile, problems: list[Problem]) -> Iterator[tuple[int, Entry]]:
    """The entries of rows whose member and benefit are known; adds the problems of the others."""
    finder = MemberFinder(rows, profile)
    members = {row.line: finder.find(row) for row in rows}
    problems += [found for found in members.values() if isinstance(found, Problem)]
    known = [(row, found) for row in rows if isinstance(found := members[row.line], Membership)]
    plans = plans_on((membership, row.day) for row, membership in known)
    for row, membership in known:
        made = _entry(row, membership, plans.get((membership.pk, row.day)), profile)
        if isinstance(made, Problem):
            problems.append(made)
        else:
            yield row.line, made


def _entry(row: FeedRow, membership: Membership, plan: PlanDocument | None, profile: Profile) -> Entry | Problem:
    if plan is None:
        return Problem(row.line, "benefit", "no_plan")
    if plan.benefit(row.benefit) is None:
        return Problem(row.line, "benefit", "not_in_plan")
    if row.currency not in ("", plan.currency):
        return Problem(row.line, "currency", "other_currency", plan.currency)
    return Entry(
        market=profile.code,
        external_id=row.external_id,
        membership=membership,
        kind=row.kind,
        benefit=row.benefit,
        currency=plan.currency,
        amount=row.amount,
        count=row.count,
        requested_amount=row.amount,
        requested_count=row.count,
        day=row.day,
        case=row.case,
        visit=row.visit,
        pregnancy=row.pregnancy,
        reservation=row.reservation,
    )


def _insert(entries: list[Entry]) -> set[int]:
    """Insert entries with a new external id; returns the `id()` of the inserted entries."""
    market = entries[0].market if entries else ""
    asked = {entry.external_id for entry in entries}
    known = set(Entry.objects.filter(market=market, external_id__in=asked).values_list("external_id", flat=True))
    fresh: dict[str, Entry] = {}
    for entry in entries:
        if entry.external_id not in known:
            fresh.setdefault(entry.external_id, entry)
    Entry.objects.bulk_create(fresh.values())
    return {id(entry) for entry in fresh.values()}


def _compare(repeated: list[tuple[int, Entry]], problems: list[Problem]) -> int:
    """The number of entries equal to those in the ledger; the others become problems."""
    market = repeated[0][1].market if repeated else ""
    asked = {entry.external_id for _line, entry in repeated}
    kept = {entry.external_id: entry for entry in Entry.objects.filter(market=market, external_id__in=asked)}
    same = 0
    for line, entry in repeated:
        before = kept[entry.external_id]
        if all(getattr(before, name) == getattr(entry, name) for name in _SAME):
            same += 1
        else:
            problems.append(Problem(line, "id", "id_reused"))
    return same
