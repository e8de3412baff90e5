"""The insurer's staff who opened the pages about a person. The person sees in which role and when, but never who."""

from django.db import connection, transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.rooms import Role
from mypolis.membership.family.event_kinds import FamilyEvent
from mypolis.membership.family.models import StaffViewing
from mypolis.membership.people.models import Person

_VIEWING = """
    INSERT INTO family_staffviewing (person_id, staff, role, hour, at)
    VALUES (%(person)s, %(staff)s, %(role)s, %(hour)s, %(at)s)
    ON CONFLICT (person_id, staff, hour) DO NOTHING RETURNING id
"""


@transaction.atomic
def record_staff_viewing(*, person: Person, staff: int, role: Role, by: Actor) -> bool:
    """Record that somebody of the staff opened a person's pages. Returns False if it was recorded in this hour."""
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_VIEWING, {"person": person.pk, "staff": staff, "role": role, "hour": hour, "at": now})
        is_first = cursor.fetchone() is not None
    if is_first:
        record(FamilyEvent.PERSON_VIEWED, market=person.market, by=by, subject=person, role=role)
    return is_first


def staff_viewings_of(person: Person, most: int = 50) -> list[StaffViewing]:
    """When staff opened a person's pages, newest first."""
    return list(person.staff_viewings.order_by("-at")[:most])
