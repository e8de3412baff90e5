"""Checks one row of a list: converts its cells to a `RosterRow`, or reports problems with their columns."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from mypolis.foundation.lib import jmbg
from mypolis.foundation.lib.cells.cell import CellError
from mypolis.foundation.lib.cells.dates import Day, birth_day_in, policy_day_in
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.tables.table_reader import Row
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import Profile
from mypolis.membership.people.match_keys import name_key
from mypolis.membership.roster import cells
from mypolis.membership.roster.columns import Columns
from mypolis.membership.roster.problems import Problem

_MAX_KEY_LENGTH = 400
_NAMES = frozenset({"surname", "given_name"})
_NUMBERS = frozenset({"policy_number", "participant_number", "employee_number"})
# č, ć and đ become these letters if a list in a Central European encoding is decoded as Western European.
_ODD_SERBIAN = re.compile(r"[æèðÆÈÐ]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """A valid row; `line` is its line in the file. None: the list has no value; "": the cell has a placeholder."""

    line: int
    policy_type: str | None
    policy_number: str
    participant_number: str | None
    employee_number: str | None
    national_id: str | None
    surname: str
    given_name: str
    patronymic: str | None
    birth_date: date
    mobile: str | None
    email: str | None
    plan: str | None
    relation: str | None
    start: date | None
    end: date | None
    has_end_column: bool
    name_key: str
    policy_key: str = field(init=False)
    participant_key: str = field(init=False)
    email_key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "policy_key", fold_reference(self.policy_number))
        object.__setattr__(self, "participant_key", fold_reference(self.participant_number or ""))
        object.__setattr__(self, "email_key", fold_email(self.email) if self.email else "")


@dataclass(frozen=True)
class Checked:
    """The result for a row: `row` is None when there are problems."""

    row: RosterRow | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Standard:
    """The settings for checking rows. `policy_number` and `policy_type` are defaults for rows without one."""

    profile: Profile
    columns: Columns
    today: date
    policy_number: str | None
    policy_type: str


def check_row(row: Row, standard: Standard) -> Checked:
    """Return the row's cells as values, or all their problems."""
    if row.problem is not None:
        return Checked(None, (Problem(row.line, "", row.problem),))
    reading = _Reading(row, standard)
    good = reading.row()
    if good is not None:
        reading.add_warnings(good)
    return Checked(good, tuple(reading.problems), tuple(reading.warnings))


class _Reading:
    """Reads one row and collects its problems instead of stopping at the first."""

    def __init__(self, row: Row, standard: Standard) -> None:
        self.line = row.line
        self.cells = row.cells
        self.standard = standard
        self.profile = standard.profile
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.required = self.profile.roster.required

    def row(self) -> RosterRow | None:
        profile, standard = self.profile, self.standard
        policy_type = self.read("policy_type", lambda text: cells.policy_type(text, profile=profile))
        self.required |= profile.roster.required_for.get(policy_type or standard.policy_type, frozenset())
        policy_number = self.read("policy_number", cells.reference, standard.policy_number)
        participant_number = self.read("participant_number", cells.reference)
        employee_number = self.read("employee_number", cells.reference)
        national_id = self.read("national_id", cells.national_id)
        surname = self.read("surname", cells.name)
        given_name = self.read("given_name", cells.name)
        patronymic = self.read("patronymic", cells.patronymic)
        if patronymic is None and "patronymic" in standard.columns.headers:
            patronymic = ""
        surname, given_name = self.only_name(surname, given_name, patronymic)
        birth_date = self.birth_date(national_id)
        mobile = self.read("mobile", lambda text: cells.mobile(text, region=profile.region))
        email = self.read("email", cells.email)
        plan = self.read("plan", cells.plan)
        relation = self.read("relation", cells.relation)
        start, end = self.period()
        folded_name = name_key(profile.code, surname or "", given_name or "", patronymic or "")
        if len(folded_name) > _MAX_KEY_LENGTH:
            self.problem("surname", "too_long")
        if self.problems or not policy_number or not given_name or birth_date is None:
            return None
        return RosterRow(
            line=self.line,
            policy_type=policy_type,
            policy_number=policy_number,
            participant_number=participant_number,
            employee_number=employee_number,
            national_id=national_id,
            surname=surname or "",
            given_name=given_name,
            patronymic=patronymic,
            birth_date=birth_date,
            mobile=mobile,
            email=email,
            plan=plan,
            relation=relation,
            start=start,
            end=end,
            has_end_column="end" in standard.columns.headers,
            name_key=folded_name,
        )

    def read[T](self, column: str, reader: Callable[[str], T | None], default: T | None = None) -> T | None:
        """Return the cell's value or the default. Adds a problem if the cell is invalid, or is empty but required."""
        try:
            value = reader(self.cells.get(self.standard.columns.headers.get(column, ""), ""))
        except CellError as error:
            self.problem(column, error.code)
            return None
        if value == "" and column in _NUMBERS:
            self.warnings.append(Problem(self.line, column, "placeholder"))
        value = value or default or value
        if not value and column in self.required:
            self.problem(column, "missing")
        return value

    def only_name(
        self, surname: str | None, given_name: str | None, patronymic: str | None
    ) -> tuple[str | None, str | None]:
        """Return surname and given name. A person's only name becomes the given name, whichever column it is in."""
        is_only = bool(surname) != bool(given_name) and not patronymic
        missing = [one for one in self.problems if one.column in _NAMES and one.code == "missing"]
        if not is_only or len(missing) != 1:
            return surname, given_name
        self.problems.remove(missing[0])
        self.warnings.append(Problem(self.line, missing[0].column, "only_name"))
        return "", given_name or surname

    def birth_date(self, national_id: str | None) -> date | None:
        """Return the cell's date, or else the one in the national id. Adds a problem if there is none."""
        found = len(self.problems)
        born = self.day("birth_date", lambda cell: birth_day_in(cell, today=self.standard.today))
        if born is None and national_id is not None and len(self.problems) == found:
            return jmbg.birth_date(national_id)
        if born is None and not self.problems:
            self.problem("birth_date", "missing")
        return born

    def period(self) -> tuple[date | None, date | None]:
        start = self.day("start", policy_day_in)
        end = self.day("end", lambda cell: policy_day_in(cell, is_last=True))
        if start and end and end < start:
            self.problem("end", "end_before_start")
        return start, end

    def day(self, column: str, reader: Callable[[str], Day]) -> date | None:
        """Return the cell's day. Adds a warning if reading it changed something."""

        def read(cell: str) -> date | None:
            found = reader(cell)
            if found.note:
                self.warnings.append(Problem(self.line, column, found.note))
            return found.day

        return self.read(column, read)

    def add_warnings(self, row: RosterRow) -> None:
        """Add warnings for values that are accepted but look unusual."""
        if row.mobile and cells.is_foreign(row.mobile, region=self.profile.region):
            self.warnings.append(Problem(self.line, "mobile", "foreign_mobile"))
        name = f"{row.surname} {row.given_name}"
        if self.profile.name_script == "cyrillic-ru" and not _CYRILLIC.search(name):
            self.warnings.append(Problem(self.line, "surname", "latin_name"))
        if self.profile.name_script == "serbian" and _ODD_SERBIAN.search(name):
            self.warnings.append(Problem(self.line, "surname", "odd_letters"))
        if row.national_id and jmbg.birth_date(row.national_id) != row.birth_date:
            self.warnings.append(Problem(self.line, "birth_date", "birth_date_differs"))

    def problem(self, column: str, code: str) -> None:
        self.problems.append(Problem(self.line, column, code))
