"""The link to a new claim on a member's home page."""

from django.http import HttpRequest

from mypolis.foundation.web.sections import Facts


def new_claim_at_home(request: HttpRequest) -> Facts | None:
    """The card needs no facts: the page behind the link says for which covers the member can claim."""
    return {}
