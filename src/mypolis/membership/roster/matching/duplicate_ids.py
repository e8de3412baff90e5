"""Finds ids that occur twice in one list with different details. We reject both rows: nobody knows which is right."""

from collections.abc import Hashable, Iterable, Sequence

from mypolis.membership.people.match_keys import name_key
from mypolis.membership.roster.check import RosterRow
from mypolis.membership.roster.problems import Problem

_DETAILS = ("birth_date", "national_id", "mobile", "email_key", "plan", "relation", "employee_number", "start", "end")


def conflicting_ids(rows: Sequence[RosterRow], market: str, policy_type: str) -> list[Problem]:
    """Return a problem for each row whose participant number or national id another row has with different details.

    `policy_type` is the default for rows without one. An empty cell never contradicts another.
    """
    by_participant = (
        ((row.policy_type or policy_type, row.policy_key, row.participant_key), row)
        for row in rows
        if row.participant_key
    )
    by_national_id = ((row.national_id, row) for row in rows if row.national_id)
    return [
        Problem(row.line, column, "id_twice")
        for column, numbered in (("participant_number", by_participant), ("national_id", by_national_id))
        for same in _shared(numbered)
        if _differ(same, market, () if column == "national_id" else _DETAILS)
        for row in same
    ]


def _shared(numbered: Iterable[tuple[Hashable, RosterRow]]) -> Iterable[list[RosterRow]]:
    first = dict[Hashable, RosterRow]()
    several = dict[Hashable, list[RosterRow]]()
    for number, row in numbered:
        if number in first:
            several.setdefault(number, [first[number]]).append(row)
        else:
            first[number] = row
    return several.values()


def _differ(rows: Sequence[RosterRow], market: str, details: Iterable[str]) -> bool:
    """Whether the rows differ in the name or in one of the details. It does not matter which column a name is in.

    Without details, one common given name is enough: a person with a national id may have changed the surname.
    """
    said = [{value for row in rows if (value := getattr(row, name))} for name in details]
    words = [set(name_key(market, row.surname, row.given_name).split()) for row in rows]
    given = [set(name_key(market, row.given_name).split()) for row in rows]
    is_one_name = all(one == words[0] for one in words) or (not said and bool(set.intersection(*given)))
    return not is_one_name or any(len(values) > 1 for values in said)
