"""Merges a list's values for a person into the record on file. An empty cell never deletes a value."""

from collections.abc import Sequence
from datetime import date

from mypolis.foundation.lib.crypto import keyring
from mypolis.membership.people.models import Membership, Person, Policy
from mypolis.membership.roster.check import RosterRow
from mypolis.membership.roster.problems import Problem


def merge_person(person: Person, rows: Sequence[RosterRow]) -> tuple[bool, list[Problem]]:
    """Set each value from the first row that has it. Returns whether the person changed, and warnings about others."""
    said: dict[str, object] = {}
    warnings = []
    for row in rows:
        for column, value in _values(row).items():
            if value is None:
                continue
            if said.setdefault(column, value) != value:
                warnings.append(Problem(row.line, column, "differs_from_earlier_row"))
    differs = False
    for column, value in said.items():
        if not _has(person, column, value):
            setattr(person, column, value)
            differs = True
    return differs, warnings


def merge_membership(membership: Membership, row: RosterRow, *, today: date) -> bool:
    """Set the row's values. Returns whether the membership changed. A new one starts today unless the row says when."""
    said = {
        "participant_number": row.participant_number or None,
        "participant_key": row.participant_key or None,
        "employee_number": row.employee_number,
        "plan": row.plan,
        "relation": row.relation,
    }
    values: dict[str, object] = {name: value for name, value in said.items() if value is not None}
    start, end = row.start or membership.start, row.end if row.has_end_column else membership.end
    if start is None:
        start = min(today, end or today)
    if end is not None and end < start:
        end = None  # the list gives only a start, after the old end: a new period of cover begins
    values |= {"start": start, "end": end}
    before = {name: getattr(membership, name) for name in values}
    for name, value in values.items():
        setattr(membership, name, value)
    return values != before


def ends_before_it_began(row: RosterRow, membership: Membership | None, policy: Policy) -> bool:
    """Whether the row has an end but no start, and cover on file begins later. An end never moves a start.

    Without a membership we compare the policy's start.
    """
    if row.end is None or row.start is not None:
        return False
    return row.end < (membership.start if membership is not None else policy.start)


def _values(row: RosterRow) -> dict[str, object]:
    return {
        "surname": row.surname,
        "given_name": row.given_name,
        "patronymic": row.patronymic,
        "birth_date": row.birth_date,
        "national_id": row.national_id,
        "mobile": row.mobile,
        "email": row.email,
    }


def _has(person: Person, column: str, value: object) -> bool:
    if column == "national_id" and person.national_id_digest is not None:
        return bytes(person.national_id_digest) in keyring.current().digests(str(value), purpose="national_id")
    return bool(getattr(person, column) == value)
