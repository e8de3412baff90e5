"""Loading a list: read, map, check, apply, invite, report, in one transaction."""

import hashlib
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.cells.cell import CellError, KnownText
from mypolis.foundation.lib.tables.table_reader import Table, TabularError, read_table
from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets import market as profile_of
from mypolis.membership.people.flows import ensure_employer
from mypolis.membership.people.models import Employer
from mypolis.membership.roster.apply import Applied, Target, apply_rows
from mypolis.membership.roster.cells import reference
from mypolis.membership.roster.check import RosterRow, Standard, check_row
from mypolis.membership.roster.columns import map_columns
from mypolis.membership.roster.event_kinds import RosterEvent
from mypolis.membership.roster.invitations import find_invitation, invite, invite_due, use_invitation
from mypolis.membership.roster.matching.duplicate_ids import conflicting_ids
from mypolis.membership.roster.models import RosterLoad
from mypolis.membership.roster.problems import MESSAGES, Problem, RosterRefusedError
from mypolis.membership.roster.report import Report

__all__ = ["find_invitation", "invite", "invite_due", "load", "use_invitation"]

MAX_BYTES = 100 * 1024 * 1024
_GROUP = "group"
_MAX_LENGTH = 64


def load(
    *,
    market: str,
    path: Path,
    employer: str | None = None,
    policy_number: str | None = None,
    dry_run: bool = False,
    invite_new: bool = True,
    by: Actor,
) -> Report:
    """Load a list of insured people. Writes all good rows or none, and reports the bad ones.

    `employer` is the employer's key; `policy_number` fills empty cells. Both are created when unknown. Without
    `invite_new` no invitation is sent now; the daily job sends it. A `dry_run` reports what would happen and writes
    nothing. Raises `RosterRefusedError` when the file cannot be used at all.
    """
    profile = profile_of(market)
    employer = _given("bad_employer", employer)
    policy_number = _given_policy(policy_number)
    policy_type = _usual_type(profile, employer)
    try:
        table = read_table(path, max_bytes=MAX_BYTES)
        rows, errors, warnings = _check(table, profile, policy_number, policy_type)
    except TabularError as error:
        raise RosterRefusedError(error.code, error.message) from None
    with transaction.atomic():
        company = ensure_employer(market=market, key=employer, by=by) if employer else None
        applied = apply_rows(rows, Target(profile, company, policy_type, by))
        report = _report(applied, errors, warnings)
        if invite_new:
            report = _invite(report, applied, market=market, by=by)
        if dry_run:
            transaction.set_rollback(True)
            return report
        return _keep(report, market=market, employer=company, path=path, by=by)


def _given(code: str, text: str | None) -> str | None:
    try:
        return clean_line(text, max_length=_MAX_LENGTH) or None if text else None
    except UnsafeText:
        raise RosterRefusedError(code, MESSAGES[code]) from None


def _given_policy(text: str | None) -> str | None:
    """Return the policy number after the checks that a cell gets."""
    try:
        number = reference(KnownText(text or ""))
    except CellError:
        number = ""
    if number == "":
        raise RosterRefusedError("bad_policy", MESSAGES["bad_policy"])
    return number


def _usual_type(profile: Profile, employer: str | None) -> str:
    keys = [kind.key for kind in profile.policy_types]
    return _GROUP if employer and _GROUP in keys else keys[0]


def _check(
    table: Table, profile: Profile, policy_number: str | None, policy_type: str
) -> tuple[list[RosterRow], list[Problem], list[Problem]]:
    """The good rows, the problems of the others, the warnings."""
    columns = map_columns(table.header, profile, policy_number=policy_number)
    standard = Standard(profile, columns, profile.today(), policy_number, policy_type)
    rows, errors, warnings = [], list[Problem](), list(columns.warnings)
    for raw in table.rows:
        checked = check_row(raw, standard)
        if checked.row is not None:
            rows.append(checked.row)
        errors += checked.problems
        warnings += checked.warnings
    twice = conflicting_ids(rows, profile.code, policy_type)
    unclear = {problem.row for problem in twice}
    return [row for row in rows if row.line not in unclear], errors + twice, warnings


def _report(applied: Applied, errors: list[Problem], warnings: list[Problem]) -> Report:
    errors = sorted(errors + applied.problems, key=lambda problem: problem.row)
    rejected = len({problem.row for problem in errors})
    good = len(applied.loaded) + len(applied.updated) + len(applied.unchanged)
    return Report(
        rows=good + rejected,
        loaded=len(applied.loaded),
        updated=len(applied.updated),
        unchanged=len(applied.unchanged),
        rejected=rejected,
        errors=tuple(errors),
        warnings=tuple(sorted(warnings + applied.warnings, key=lambda problem: problem.row)),
        sent=0,
        withheld=(),
    )


def _invite(report: Report, applied: Applied, *, market: str, by: Actor) -> Report:
    line_of = {person.pk: line for line, person in applied.people.items()}
    invited = invite(market=market, person_ids=line_of.keys(), by=by)
    withheld = sorted((line_of[person_id], reason) for person_id, reason in invited.withheld)
    return replace(report, sent=invited.sent, withheld=tuple(withheld))


def _keep(report: Report, *, market: str, employer: Employer | None, path: Path, by: Actor) -> Report:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    kept = RosterLoad.objects.create(
        market=market,
        employer=employer,
        file_sha256=digest,
        at=timezone.now(),
        by_kind=by.kind,
        by_id=by.id,
        rows=report.rows,
        loaded=report.loaded,
        updated=report.updated,
        unchanged=report.unchanged,
        rejected=report.rejected,
        invitations_sent=report.sent,
        findings=report.findings,
    )
    counts = {name: getattr(report, name) for name in ("rows", "loaded", "updated", "unchanged", "rejected")}
    record(RosterEvent.ROSTER_LOADED, market=market, by=by, subject=kept, **counts)
    return replace(report, id=kept.pk)
