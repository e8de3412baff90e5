"""Writes the insurer's records (employers, policies, persons, memberships), many rows per call."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record, record_many
from mypolis.foundation.lib.postgres.named_locks import lock_name
from mypolis.membership.people.event_kinds import PeopleEvent
from mypolis.membership.people.models import Employer, Membership, Person, Policy

_BATCH = 1_000
_PERSON_FIELDS = (
    "surname",
    "given_name",
    "patronymic",
    "name_key",
    "birth_date",
    "national_id",
    "national_id_digest",
    "mobile",
    "email",
    "email_key",
)
_MEMBERSHIP_FIELDS = (
    "participant_number",
    "participant_key",
    "employee_number",
    "plan",
    "relation",
    "start",
    "end",
)


def lock_people(market: str) -> None:
    """Lock bulk writes of people in this market until the end of the transaction; waits for other bulk writers.

    The lock covers the whole market, because identifying a person and finding shared addresses searches all of it.
    """
    lock_name(f"people:{market}")


@transaction.atomic
def ensure_employer(*, market: str, key: str, by: Actor) -> Employer:
    """Return the employer with this key. A missing employer is created, with the key as its name."""
    employer, made = Employer.objects.get_or_create(market=market, key=key, defaults={"name": key})
    if made:
        record(PeopleEvent.EMPLOYER_ADDED, market=market, by=by, subject=employer)
    return employer


@transaction.atomic
def add_policies(policies: Sequence[Policy], *, market: str, by: Actor) -> None:
    """Insert policies."""
    Policy.objects.bulk_create(policies, batch_size=_BATCH)
    record_many(PeopleEvent.POLICY_ADDED, market=market, by=by, subjects=policies)


@transaction.atomic
def start_policies_earlier(starts: Sequence[tuple[Policy, date]], *, market: str, by: Actor) -> None:
    """Move the first day of policies back to the given days."""
    for policy, start in starts:
        policy.start = start
    policies = [policy for policy, _start in starts]
    Policy.objects.bulk_update(policies, ["start"], batch_size=_BATCH)
    record_many(PeopleEvent.POLICY_CHANGED, market=market, by=by, subjects=policies)


@transaction.atomic
def add_people(people: Sequence[Person], *, market: str, by: Actor) -> None:
    """Insert persons with their look-up columns. Raises IntegrityError when a national id is already on file."""
    for person in people:
        person.write_keys()
    Person.objects.bulk_create(people, batch_size=_BATCH)
    record_many(PeopleEvent.PERSON_ADDED, market=market, by=by, subjects=people)


@transaction.atomic
def change_people(people: Sequence[Person], *, market: str, by: Actor) -> None:
    """Save changed persons, with their look-up columns."""
    for person in people:
        person.write_keys()
    Person.objects.bulk_update(people, _PERSON_FIELDS, batch_size=_BATCH)
    record_many(PeopleEvent.PERSON_CHANGED, market=market, by=by, subjects=people)


@transaction.atomic
def add_memberships(memberships: Sequence[Membership], *, market: str, by: Actor) -> None:
    """Insert memberships of saved persons on saved policies."""
    Membership.objects.bulk_create(memberships, batch_size=_BATCH)
    record_many(PeopleEvent.MEMBERSHIP_ADDED, market=market, by=by, subjects=memberships)


@transaction.atomic
def change_memberships(memberships: Sequence[Membership], *, market: str, by: Actor) -> None:
    """Save changed memberships."""
    Membership.objects.bulk_update(memberships, _MEMBERSHIP_FIELDS, batch_size=_BATCH)
    record_many(PeopleEvent.MEMBERSHIP_CHANGED, market=market, by=by, subjects=memberships)
