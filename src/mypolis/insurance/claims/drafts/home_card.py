"""The way to a new claim on a member's home page."""

from django.http import HttpRequest

from mypolis.foundation.web.sections import Facts


def new_claim_at_home(request: HttpRequest) -> Facts | None:
    """Nothing but the link: the page itself says for which covers one can claim."""
    return {}
