"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

NEW_JOURNEYS = Limit(
    name="journeys",
    most=1_000,
    window=timedelta(hours=1),
    per_address=True,
    risky_from=20,
    words=_("Forms begun"),
)
ANSWERS_PER_JOURNEY = Limit(
    name="answers-per-journey", most=200, window=timedelta(hours=1), words=_("Answers in one form")
)
