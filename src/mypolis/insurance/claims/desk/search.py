"""Who has a claim with a number, for the desk's search."""

from typing import Any

from django.db.models import QuerySet

from mypolis.foundation.lib.text.folding import ascii_digits
from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.models import Claim


def people_with_claim(profile: Profile, typed: str) -> QuerySet[Any, int]:
    """The keys of the people whose sent claim has this number, typed in small letters or capitals."""
    number = ascii_digits(typed).strip().upper()
    return Claim.objects.sent().filter(market=profile.code, number=number).values_list("membership__person", flat=True)
