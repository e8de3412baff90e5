"""The consents of a person, for the desk."""

from typing import Any

from django.http import HttpRequest

from mypolis.membership.accounts.models import Account
from mypolis.membership.people.desk_page import PersonSection
from mypolis.membership.people.models import Person


def consents_at_desk(_request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The newest rows of the record, given and withdrawn; None without an account."""
    account: Account | None = getattr(person, "account", None)
    if account is None:
        return None
    return {"consents": list(account.consents.order_by("-id")[:20])}


CONSENTS = PersonSection("account", 30, "consents/desk/consents.html", consents_at_desk)
