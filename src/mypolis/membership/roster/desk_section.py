"""The invitations of a person, for the desk."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mypolis.membership.people.desk_page import PersonSection
from mypolis.membership.people.models import Person


def invitations_at_desk(_request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The newest links that were sent; None if there were none."""
    rows = list(person.invitations.order_by("-sent_at", "-pk")[:5])
    return {"invitations": rows, "now": timezone.now()} if rows else None


INVITATIONS = PersonSection("account", 40, "roster/desk/invitations.html", invitations_at_desk)
