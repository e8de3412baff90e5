"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

CARD_CHECKS = Limit(name="card-checks", most=60, window=timedelta(hours=1), words=_("Checks of a card"))
CARD_CHECKS_PER_ADDRESS = Limit(
    name="card-checks-per-address",
    most=1_000,
    window=timedelta(hours=1),
    per_address=True,
    words=_("Checks of old or unknown cards, from one network"),
)
GOOD_CARD_CHECKS_PER_ADDRESS = Limit(
    name="good-card-checks-per-address",
    most=1_000,
    window=timedelta(hours=1),
    per_address=True,
    words=_("Checks of valid cards, from one network"),
)
OTHER_CARD_CHECKS = Limit(
    name="other-card-checks", most=60, window=timedelta(hours=1), words=_("Further checks of a card that are recorded")
)
CARD_REISSUES = Limit(name="card-reissues", most=5, window=timedelta(days=1), words=_("Replaced cards"))
CARD_PAPERS = Limit(name="card-papers", most=30, window=timedelta(hours=1), words=_("Cards as PDF"))
LETTERS = Limit(name="letters", most=10, window=timedelta(days=1), words=_("Letters that confirm a cover"))
