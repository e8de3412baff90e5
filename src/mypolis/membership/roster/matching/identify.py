"""Identifies the person of a row: somebody on file, somebody in an earlier row, or a new person.

It compares, in this order: the national id; the participant number on that policy; the employee number at that
employer, unless several employees have it; the name and birth date, together with the policy, the mobile, the e-mail
or the employer. An unmatched row may be a name with swapped columns. It may also be a correction: the same policy,
contact, given name and birth date, but another surname or patronymic.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched

from django.db.models import Prefetch, Q, QuerySet

from mypolis.foundation.lib.crypto import keyring
from mypolis.membership.people.match_keys import name_key
from mypolis.membership.people.models import Membership, Person, Policy
from mypolis.membership.roster.check import RosterRow

_CHUNK = 2_000


@dataclass(eq=False)
class Known:
    """A person, on file or new. `memberships` (on file) and `rows` (of the list) are keyed by the policy's pk."""

    person: Person
    memberships: dict[int, Membership] = field(default_factory=dict)
    rows: dict[int, RosterRow] = field(default_factory=dict)
    employers: set[int] = field(default_factory=set)

    def may_be_participant(self, row: RosterRow, policy: Policy) -> bool:
        """Whether the person may have the row's participant number: they have no other number on the policy."""
        there = self.rows.get(policy.pk) or self.memberships.get(policy.pk)
        return there is None or not row.participant_key or there.participant_key in ("", row.participant_key)


@dataclass(frozen=True)
class Conflict:
    """An id in the row belongs to somebody else: `column` and `code` of the problem."""

    column: str
    code: str


class People:
    """The people to whom the rows of one list may refer. `policies` maps a row's line to its policy."""

    def __init__(self, market: str, rows: Sequence[RosterRow], policies: dict[int, Policy]) -> None:
        self.market = market
        self.policies = policies
        self._by_digest: dict[bytes, Known] = {}
        self._by_participant: dict[tuple[int, str], Known] = {}
        self._by_employee: dict[tuple[int, str], Known] = {}
        self._shared = _numbers_of_several(rows, policies)
        self._by_name: dict[tuple[str, date], list[Known]] = {}
        self._by_contact: dict[tuple[int, str], list[Known]] = {}
        self._indexed: set[int] = set()
        for chunk in batched(rows, _CHUNK):
            self._index(_on_file(market, chunk, policies))

    def find(self, row: RosterRow) -> Known | Conflict | None:
        """Return the person to whom the row certainly refers, or a conflict; None without a certain match."""
        policy, digests = self.policies[row.line], _digests(row)
        by_id = next((self._by_digest[digest] for digest in digests if digest in self._by_digest), None)
        holder = self._by_participant.get((policy.pk, row.participant_key)) if row.participant_key else None
        if by_id is not None and _is_stranger(row, by_id.person):
            return Conflict("national_id", "national_id_taken")
        if holder is not None and holder is not by_id:
            if by_id is not None or _is_stranger(row, holder.person):
                return Conflict("participant_number", "participant_taken")
            return holder
        if (
            by_id is None
            and holder is None
            and row.participant_key
            and (without_zeros := self._except_for_zeros(row, policy)) is not None
        ):
            return without_zeros
        return by_id or self._by_employee_number(row, policy) or self._by_name_and_birth(row, policy, digests)

    def load_swapped(self, rows: Iterable[RosterRow]) -> None:
        """Load the people to whom these rows may refer if the parts of their names are in swapped columns."""
        for chunk in batched(rows, _CHUNK):
            keys = {key: row.birth_date for row in chunk for key in self._swapped_names(row)}
            people = Person.objects.filter(market=self.market, name_key__in=keys, birth_date__in=set(keys.values()))
            self._index(people)

    def find_swapped(self, row: RosterRow) -> Known | None:
        """Return the only person on file, not matched by another row, who has the same name in swapped columns."""
        policy, digests = self.policies[row.line], _digests(row)
        swapped = (
            self._by_name_and_birth(row, policy, digests, name_key=key, only_unassigned=True)
            for key in self._swapped_names(row)
        )
        fitting = {id(known): known for known in swapped if known is not None}
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    def find_corrected(self, row: RosterRow) -> Known | None:
        """Return the only unmatched person with the row's contact and birth date whose name the row may correct.

        The row may change the surname or patronymic, or swap columns. The given name must be the same: twins with one
        address differ in nothing else.
        """
        digests, given_name = _digests(row), name_key(self.market, row.given_name)
        fitting = [
            known
            for known in self._with_contact(row)
            if _may_have(known.person, digests)
            and (name_key(self.market, known.person.given_name) == given_name or self.is_swapped(row, known.person))
        ]
        return fitting[0] if len(fitting) == 1 else None

    def is_swapped(self, row: RosterRow, person: Person) -> bool:
        """Whether the person on file has the row's name with its parts in swapped columns."""
        if person.pk is None or row.name_key == person.name_key:
            return False
        without = name_key(self.market, person.surname, person.given_name)
        words = sorted(row.name_key.split())
        return row.name_key != without and words in (sorted(person.name_key.split()), sorted(without.split()))

    def is_like_somebody(self, row: RosterRow) -> bool:
        """Whether an unmatched person has the row's birth date and one of its contacts, but another name."""
        return bool(self._with_contact(row))

    def _with_contact(self, row: RosterRow) -> list[Known]:
        policy = self.policies[row.line]
        fitting = {
            known.person.pk: known
            for contact in (row.mobile, row.email_key)
            for known in self._by_contact.get((policy.pk, contact or ""), ())
            if not known.rows and known.person.birth_date == row.birth_date
        }
        return list(fitting.values())

    def _swapped_names(self, row: RosterRow) -> set[str]:
        """Return the keys of the name with its parts in swapped columns."""
        surname, given, patronymic = row.surname, row.given_name, row.patronymic or ""
        orders = ((given, surname, patronymic), (given, patronymic, surname), (patronymic, surname, given))
        return {name_key(self.market, *order) for order in orders} - {row.name_key}

    def assign(self, known: Known, row: RosterRow) -> None:
        """Record that a row refers to this person. Later rows then find them by this row's values too."""
        policy = self.policies[row.line]
        known.rows[policy.pk] = row
        for digest in _digests(row):
            self._by_digest.setdefault(digest, known)
        namesakes = self._by_name.setdefault((row.name_key, row.birth_date), [])
        if known not in namesakes:
            namesakes.append(known)
        if row.participant_key:
            self._by_participant.setdefault((policy.pk, row.participant_key), known)
        if policy.employer_id is not None:
            known.employers.add(policy.employer_id)
            if _is_employees_own(row):
                self._by_employee.setdefault((policy.employer_id, row.employee_number or ""), known)

    def _by_employee_number(self, row: RosterRow, policy: Policy) -> Known | None:
        if policy.employer_id is None or not _is_employees_own(row):
            return None
        number = policy.employer_id, row.employee_number or ""
        known = None if number in self._shared else self._by_employee.get(number)
        return None if known is None or _is_stranger(row, known.person) else known

    def _except_for_zeros(self, row: RosterRow, policy: Policy) -> Known | Conflict | None:
        """The person on the policy with the row's name and birth date, and its number except for leading zeros.

        Spreadsheets drop leading zeros and never add any. So a row with more zeros corrects the number on file; a row
        with fewer zeros is wrong.
        """
        number = row.participant_key.lstrip("0")
        for known in self._by_name.get((row.name_key, row.birth_date), ()):
            there = known.memberships.get(policy.pk)
            if there is not None and not known.rows and there.participant_key.lstrip("0") == number != "":
                is_longer = len(row.participant_key) > len(there.participant_key)
                return known if is_longer else Conflict("participant_number", "lost_zero")
        return None

    def _by_name_and_birth(
        self,
        row: RosterRow,
        policy: Policy,
        digests: list[bytes],
        *,
        name_key: str | None = None,
        only_unassigned: bool = False,
    ) -> Known | None:
        def nearness(known: Known) -> tuple[bool, bool, bool]:
            there = policy.pk in known.memberships or policy.pk in known.rows
            return there, _shares_contact(row, known.person), policy.employer_id in known.employers

        fitting = [
            known
            for known in self._by_name.get((name_key or row.name_key, row.birth_date), ())
            if not (only_unassigned and (known.rows or known.person.pk is None))
            and _may_have(known.person, digests)
            and (known.may_be_participant(row, policy) or _shares_contact(row, known.person))
        ]
        nearest = max(fitting, key=nearness, default=None)
        return nearest if nearest is not None and any(nearness(nearest)) else None

    def _index(self, people: QuerySet[Person]) -> None:
        memberships = Prefetch("memberships", Membership.objects.select_related("policy"))
        for person in people.order_by("pk").prefetch_related(memberships):
            if person.pk not in self._indexed:
                self._indexed.add(person.pk)
                self._index_person(person)

    def _index_person(self, person: Person) -> None:
        known = Known(person, {membership.policy_id: membership for membership in person.memberships.all()})
        if person.national_id_digest is not None:
            self._by_digest[bytes(person.national_id_digest)] = known
        self._by_name.setdefault((person.name_key, person.birth_date), []).append(known)
        for policy_id, membership in known.memberships.items():
            if membership.participant_key:
                self._by_participant[policy_id, membership.participant_key] = known
            for contact in filter(None, (person.mobile, person.email_key)):
                self._by_contact.setdefault((policy_id, contact), []).append(known)
            employer_id = membership.policy.employer_id
            if employer_id is not None:
                known.employers.add(employer_id)
                if membership.family_number and membership.relation == "employee":
                    number = employer_id, membership.family_number
                    if self._by_employee.setdefault(number, known) is not known:
                        self._shared.add(number)


def _on_file(market: str, rows: Sequence[RosterRow], policies: dict[int, Policy]) -> QuerySet[Person]:
    """Return everybody on file who may be the person of one of the rows."""
    policy_ids = {policies[row.line].pk for row in rows}
    employers = {policies[row.line].employer_id for row in rows} - {None}
    by_person = Q(name_key__in={row.name_key for row in rows})
    by_person |= Q(national_id_digest__in=[digest for row in rows for digest in _digests(row)])
    by_membership = Q(participant_key__in={row.participant_key for row in rows} - {""})
    by_membership |= Q(person__mobile__in={row.mobile for row in rows} - {None, ""})
    by_membership |= Q(person__email_key__in={row.email_key for row in rows} - {""})
    memberships = Membership.objects.filter(by_membership, policy__in=policy_ids).union(
        Membership.objects.filter(
            policy__employer__in=employers,
            employee_number__in={row.employee_number for row in rows} - {None, ""},
        )
    )
    found = set(Person.objects.filter(by_person, market=market).values_list("pk", flat=True))
    found.update(memberships.values_list("person", flat=True))
    return Person.objects.filter(pk__in=found)


def _is_employees_own(row: RosterRow) -> bool:
    """Whether the row's employee number is the person's own. Relatives are listed under the employee's number."""
    return bool(row.employee_number) and row.relation in (None, "employee")


def _numbers_of_several(rows: Sequence[RosterRow], policies: dict[int, Policy]) -> set[tuple[int | None, str]]:
    """Employee numbers, by employer, that two employees of one policy share in this list, so they identify nobody."""
    shared, seen = set[tuple[int | None, str]](), set[tuple[int, str]]()
    for row in filter(_is_employees_own, rows):
        policy, number = policies[row.line], row.employee_number or ""
        if (policy.pk, number) in seen:
            shared.add((policy.employer_id, number))
        seen.add((policy.pk, number))
    return shared


def _digests(row: RosterRow) -> list[bytes]:
    """Return the digests of the row's national id, under every key of the ring."""
    return keyring.current().digests(row.national_id, purpose="national_id") if row.national_id else []


def _may_have(person: Person, digests: list[bytes]) -> bool:
    """Whether the person may have a national id with one of these digests: one is unknown, or both are the same."""
    return not digests or person.national_id_digest is None or bytes(person.national_id_digest) in digests


def _shares_contact(row: RosterRow, person: Person) -> bool:
    same_mobile = bool(row.mobile) and row.mobile == person.mobile
    return same_mobile or (bool(row.email_key) and row.email_key == person.email_key)


def _is_stranger(row: RosterRow, person: Person) -> bool:
    """Whether both the name and the birth date differ: no correction changes both."""
    return row.birth_date != person.birth_date and row.name_key != person.name_key
