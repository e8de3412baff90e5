"""Finds people in one market, with four statements that only read indexes, however many people there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch, QuerySet

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.jmbg import compact_jmbg
from mypolis.foundation.lib.text.folding import fold_reference, fold_username
from mypolis.foundation.markets import Profile
from mypolis.foundation.rooms import extensions
from mypolis.membership.accounts.models import Account, ContactPoint, Username
from mypolis.membership.people.models import Membership, Person
from mypolis.offices.desk.event_kinds import DeskEvent
from mypolis.offices.desk.limits import PEOPLE_SEARCHES
from mypolis.offices.desk.search.shapes import Shape, mobile_in, shape_of

MOST = 20


@dataclass(frozen=True)
class Found:
    """At most 20 people by name, with their accounts, contact points and covers loaded; `is_more`: there are others."""

    shape: Shape
    people: list[Person]
    is_more: bool


@transaction.atomic
def search(*, profile: Profile, typed: str, staff: int, by: Actor) -> Found:
    """Find people by what was typed, and record that it was done, but never what was typed. Raises LimitReached."""
    spend(PEOPLE_SEARCHES, str(staff), market=profile.code)
    found = find(profile, typed)
    count = len(found.people)
    record(DeskEvent.PERSON_SEARCHED, market=profile.code, by=by, what=found.shape, count=count, more=found.is_more)
    return found


def find(profile: Profile, typed: str) -> Found:
    """Find people by what was typed. Records nothing."""
    shape = shape_of(typed, region=profile.region)
    keys = _keys(profile, typed, shape)
    covers = Membership.objects.select_related("policy").order_by("-start", "pk")
    rows = Person.objects.filter(pk__in=keys[:MOST]).select_related("account").defer("national_id")
    loaded = rows.prefetch_related(Prefetch("memberships", covers), "account__contact_points")
    people = sorted(loaded, key=lambda person: (person.name_key, person.birth_date, person.pk))
    return Found(shape, people, len(keys) > MOST)


def _keys(profile: Profile, typed: str, shape: Shape) -> list[int]:
    """The keys of matching people, with one statement: each part gives at most 21, in no order."""
    parts = [rows.query.sql_with_params() for rows in _parts(profile, typed, shape)]
    # MATERIALIZED makes PostgreSQL plan each part as if all its rows were wanted, so with an index. If it plans for the
    # first rows only, it may scan the whole table, because it expects to find enough of them early.
    named = ", ".join(f"part_{place} AS MATERIALIZED ({sql})" for place, (sql, _values) in enumerate(parts))
    some = " UNION ".join(f"(TABLE part_{place} LIMIT {MOST + 1})" for place in range(len(parts)))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {some}", [value for _sql, values in parts for value in values])
        return [key for (key,) in cursor.fetchall()]


def _parts(profile: Profile, typed: str, shape: Shape) -> Iterator[QuerySet[Any, int]]:
    """The keys of people, one query for each place where the text can be."""
    people = Person.objects.filter(market=profile.code)
    match shape:
        case "name":
            yield people.named(profile.code, typed).values_list("pk", flat=True)
            return
        case "email":
            key = fold_email(typed)
            yield people.filter(email_key=key).exclude(email_key="").values_list("pk", flat=True)
            yield _with_contact(profile, "email", key)
            return
        case "phone":
            mobile = mobile_in(typed, region=profile.region)
            yield people.filter(mobile=mobile).exclude(mobile="").values_list("pk", flat=True)
            yield _with_contact(profile, "mobile", mobile)
        case "national_id":
            yield people.with_national_id(compact_jmbg(typed)).values_list("pk", flat=True)
    yield from _with_number(profile, typed)


def _with_contact(profile: Profile, kind: str, key: str) -> QuerySet[Any, int]:
    points = ContactPoint.objects.filter(market=profile.code, kind=kind, key=key)
    return Account.objects.filter(pk__in=points.values("account")).values_list("person", flat=True)


def _with_number(profile: Profile, typed: str) -> Iterator[QuerySet[Any, int]]:
    """Whose policy, cover, username or matter of another room has this number. Rooms extend it:

        extends = {"desk.people_by_number": ("desk.search.people_with_claim",)}

    with a function (profile, typed) that returns a query of people's keys.
    """
    reference = fold_reference(typed)
    covers = Membership.objects.filter(policy__market=profile.code)
    yield covers.filter(policy__number_key=reference).values_list("person", flat=True)
    numbered = covers.filter(participant_key=reference).exclude(participant_key="")
    yield numbered.values_list("person", flat=True)
    names = Username.objects.filter(market=profile.code, value=fold_username(typed), account__isnull=False)
    yield names.values_list("account__person", flat=True)
    for people_by_number in extensions("desk.people_by_number"):
        yield people_by_number(profile, typed)
