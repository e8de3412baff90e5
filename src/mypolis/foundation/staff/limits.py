"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

STAFF_PASSWORD_TRIES = Limit(
    name="staff-password-tries", most=10, window=timedelta(minutes=30), words=_("Wrong passwords at the desk")
)
STAFF_PASSWORD_TRIES_A_DAY = Limit(
    name="staff-password-tries-a-day",
    most=100,
    window=timedelta(days=1),
    words=_("Wrong passwords at the desk in a day"),
)
STAFF_SIGN_INS = Limit(
    name="staff-sign-ins",
    most=200,
    window=timedelta(hours=1),
    per_address=True,
    words=_("Sign-ins at the desk, from one network"),
)
TEST_MESSAGES = Limit(name="test-messages", most=5, window=timedelta(hours=1), words=_("Test messages"))
STAFF_PROOF_TRIES = Limit(
    name="staff-proof-tries", most=5, window=timedelta(minutes=30), words=_("Wrong second factors at the desk")
)
