"""Writes the valid rows of a list in bulk, all or nothing: policies, persons, memberships."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.markets import Profile
from mypolis.membership.people import flows as people
from mypolis.membership.people.models import Employer, Membership, Person, Policy
from mypolis.membership.roster.check import RosterRow
from mypolis.membership.roster.matching.families import shared_numbers
from mypolis.membership.roster.matching.identify import Conflict, Known, People
from mypolis.membership.roster.matching.merge import ends_before_it_began, merge_membership, merge_person
from mypolis.membership.roster.problems import Problem


@dataclass
class Applied:
    """The result for the good rows: lines by outcome, and the persons by the line of their first row.

    `made` holds the primary keys of newly created policies.
    """

    loaded: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)
    unchanged: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    made: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Target:
    """The target of one list. `policy_type` is the default when neither the row nor the record on file has one."""

    profile: Profile
    employer: Employer | None
    policy_type: str
    by: Actor

    @property
    def market(self) -> str:
        """The market's code."""
        return self.profile.code


@transaction.atomic
def apply_rows(rows: Sequence[RosterRow], target: Target) -> Applied:
    """Write the rows. Rows that contradict the records on file, or an earlier row, are returned as problems."""
    people.lock_people(target.market)
    applied = Applied()
    rows, policies = _policies(rows, target, applied)
    everybody = _identify(rows, policies, target, applied)
    _write_people(everybody, target, applied)
    _write_memberships(everybody, policies, target, applied)
    applied.warnings += shared_numbers(rows, policies)
    return applied


def _policies(rows: Sequence[RosterRow], target: Target, applied: Applied) -> tuple[list[RosterRow], dict[int, Policy]]:
    """Return the rows whose policy belongs to the target, and the policies by line. Creates unknown policies."""
    on_file: dict[str, dict[str, Policy]] = {}
    numbers = {row.policy_key for row in rows}
    for policy in Policy.objects.filter(market=target.market, number_key__in=numbers).order_by("pk"):
        on_file.setdefault(policy.number_key, {})[policy.type] = policy
    good, taken, made = list[RosterRow](), dict[int, Policy](), list[Policy]()
    for row in rows:
        same_number = on_file.setdefault(row.policy_key, {})
        kind = row.policy_type or _only_type(same_number) or target.policy_type
        policy = same_number.get(kind) or _new_policy(row, kind, target)
        if kind not in same_number:
            same_number[kind] = policy
            made.append(policy)
        elif target.employer is not None and policy.employer_id != target.employer.pk:
            applied.problems.append(Problem(row.line, "policy_number", "policy_elsewhere"))
            continue
        good.append(row)
        taken[row.line] = policy
    people.add_policies(made, market=target.market, by=target.by)
    applied.made = {policy.pk for policy in made}
    return good, taken


def _only_type(same_number: dict[str, Policy]) -> str | None:
    return next(iter(same_number)) if len(same_number) == 1 else None


def _new_policy(row: RosterRow, kind: str, target: Target) -> Policy:
    return Policy(
        market=target.market,
        employer=target.employer,
        type=kind,
        number=row.policy_number,
        number_key=row.policy_key,
        start=row.start or target.profile.today(),
    )


def _identify(rows: Sequence[RosterRow], policies: dict[int, Policy], target: Target, applied: Applied) -> list[Known]:
    """Return the persons of the rows, each with their rows.

    Certain matches come first. A remaining row may then be a correction of a person whom no row matched.
    """
    directory = People(target.market, rows, policies)
    everybody = dict[int, Known]()

    def take(row: RosterRow, found: Known | Conflict) -> None:
        problem = _contradiction(row, found, policies[row.line], applied)
        if problem is not None:
            applied.problems.append(problem)
        elif isinstance(found, Known):
            if directory.is_swapped(row, found.person):
                applied.warnings.append(Problem(row.line, "surname", "name_turned"))
            directory.assign(found, row)
            everybody[id(found)] = found

    leftover = list[RosterRow]()
    for row in rows:
        found = directory.find(row)
        if found is None:
            leftover.append(row)
        else:
            take(row, found)
    if leftover and _knows_people_of(target, applied):
        directory.load_swapped(leftover)
    for row in leftover:
        known = directory.find(row) or _corrected(row, directory, applied)
        take(row, known or Known(_new_person(row, target.market)))
    return list(everybody.values())


def _knows_people_of(target: Target, applied: Applied) -> bool:
    """Whether the employer had policies on file before this list (without employer: policies of no employer)."""
    return Policy.objects.filter(market=target.market, employer=target.employer).exclude(pk__in=applied.made).exists()


def _contradiction(row: RosterRow, found: Known | Conflict, policy: Policy, applied: Applied) -> Problem | None:
    """Return why the row cannot belong to this person; None if it can."""
    if isinstance(found, Conflict):
        return Problem(row.line, found.column, found.code)
    if policy.pk in found.rows:
        return Problem(row.line, "", "duplicate")
    membership = found.memberships.get(policy.pk)
    if (membership or policy.pk not in applied.made) and ends_before_it_began(row, membership, policy):
        return Problem(row.line, "end", "ends_before_it_began")
    return None


def _corrected(row: RosterRow, directory: People, applied: Applied) -> Known | None:
    """Return a person on file, not matched by another row, whose name the row corrects. Reports uncertain matches."""
    known = directory.find_swapped(row) or directory.find_corrected(row)
    if known is None and directory.is_like_somebody(row):
        applied.warnings.append(Problem(row.line, "", "maybe_on_file"))
    return known


def _new_person(row: RosterRow, market: str) -> Person:
    person = Person(
        market=market,
        surname=row.surname,
        given_name=row.given_name,
        patronymic=row.patronymic or "",
        birth_date=row.birth_date,
        national_id=row.national_id,
        mobile=row.mobile or "",
        email=row.email or "",
    )
    person.write_keys()
    return person


def _write_people(everybody: Sequence[Known], target: Target, applied: Applied) -> None:
    """Write new and changed persons. Rows of changed persons count as updated."""
    changed = []
    for known in everybody:
        rows = sorted(known.rows.values(), key=lambda row: row.line)
        applied.people[rows[0].line] = known.person
        differs, warnings = merge_person(known.person, rows)
        applied.warnings += warnings
        if differs and known.person.pk is not None:
            changed.append(known.person)
            applied.updated.update(row.line for row in rows)
    new = [known.person for known in everybody if known.person.pk is None]
    people.add_people(new, market=target.market, by=target.by)
    people.change_people(changed, market=target.market, by=target.by)


def _write_memberships(
    everybody: Sequence[Known], policies: dict[int, Policy], target: Target, applied: Applied
) -> None:
    """Write new and changed memberships. Moves a policy's start back if its first membership starts earlier."""
    new, changed, starts = list[Membership](), list[Membership](), dict[int, date]()
    for known in everybody:
        for policy_id, row in known.rows.items():
            policy = policies[row.line]
            membership = known.memberships.get(policy_id)
            if membership is None:
                membership = Membership(policy=policy, person=known.person, relation=_usual_relation(policy))
                new.append(membership)
                applied.loaded.add(row.line)
                applied.updated.discard(row.line)
                merge_membership(membership, row, today=target.profile.today())
            elif merge_membership(membership, row, today=target.profile.today()):
                changed.append(membership)
                applied.updated.add(row.line)
            elif row.line not in applied.updated:
                applied.unchanged.add(row.line)
            if membership.start < starts.get(policy_id, policy.start):
                starts[policy_id] = membership.start
    people.add_memberships(new, market=target.market, by=target.by)
    people.change_memberships(changed, market=target.market, by=target.by)
    earlier = [(policy, starts[policy.pk]) for policy in set(policies.values()) if policy.pk in starts]
    people.start_policies_earlier(earlier, market=target.market, by=target.by)


def _usual_relation(policy: Policy) -> str:
    return "policyholder" if policy.employer_id is None else "employee"
