"""The newest events about a person, from the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from mypolis.foundation.events.models import Event
from mypolis.foundation.rooms import Text
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Person
from mypolis.offices.desk.person.event_words import ACTOR_WORDS, EVENT_WORDS

_MOST = 50


@dataclass(frozen=True)
class Happened:
    """An event: what, by whom, when."""

    what: Text
    by: Text
    at: datetime


def events_about(person: Person) -> list[Happened]:
    """The newest 50 events about the person, the covers, the account and its contact points, with one statement."""
    newest = [Event.objects.filter(subject=subject).order_by("-id")[:_MOST] for subject in _subjects(person)]
    rows = newest[0].union(*newest[1:], all=True).order_by("-id")[:_MOST]
    return [
        Happened(EVENT_WORDS.get(row.kind, row.kind), ACTOR_WORDS.get(row.actor_kind, row.actor_kind), row.at)
        for row in rows
    ]


def _subjects(person: Person) -> list[str]:
    subjects = [f"people.person:{person.pk}"]
    subjects += [f"people.membership:{row.pk}" for row in person.memberships.all()]
    account: Account | None = getattr(person, "account", None)
    if account is not None:
        subjects.append(f"accounts.account:{account.pk}")
        subjects += [f"accounts.contactpoint:{point.pk}" for point in account.contact_points.all()]
    return subjects
