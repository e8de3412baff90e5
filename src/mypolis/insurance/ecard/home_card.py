"""The card on a member's home page, one tap away."""

from django.http import HttpRequest

from mypolis.foundation.web.sections import Facts
from mypolis.insurance.ecard.cards import cards_of
from mypolis.membership.accounts.sessions.middleware import account_of


def card_at_home(request: HttpRequest) -> Facts | None:
    """The first card that can be shown or activated; None if there is none. Two queries."""
    account = account_of(request)
    held = next(iter(cards_of(account)), None) if account else None
    return {"held": held} if held and held.state in ("active", "to_activate") else None
