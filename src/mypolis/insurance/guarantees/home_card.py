"""The card on a member's home page: letters on which a clinic can rely today."""

from django.http import HttpRequest

from mypolis.foundation.web.sections import Facts
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.membership.accounts.sessions.middleware import account_of

_SHOWN = 3


def letters_at_home(request: HttpRequest) -> Facts | None:
    """The member's own letters, the first to end first; None without any. One query."""
    account = account_of(request)
    if account is None:
        return None
    own = Guarantee.objects.filter(membership__person=account.person_id).standing_on(account.profile.today())
    found = list(own.order_by("valid_until", "pk")[:_SHOWN])
    return {"letters": found} if found else None
