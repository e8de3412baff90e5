"""The cards of a person, for the desk."""

from typing import Any

from django.http import HttpRequest

from mypolis.foundation.lib.text.masking import mask_tail
from mypolis.insurance.ecard.models import Card
from mypolis.membership.people.desk_page import PersonSection
from mypolis.membership.people.models import Person


def cards_at_desk(_request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """The newest cards, with their numbers masked; None if there are none."""
    covers = [row.pk for row in person.memberships.all()]
    rows = Card.objects.filter(membership__in=covers).defer("secret").order_by("-issued_at")[:10]
    cards = [(mask_tail(card.number), card) for card in rows]
    return {"cards": cards} if cards else None


CARDS = PersonSection("person", 30, "ecard/desk/cards.html", cards_at_desk)
