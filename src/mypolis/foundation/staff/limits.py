"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from mypolis.foundation.guards.limits import Limit

STAFF_PASSWORD_TRIES = Limit(name="staff-password-tries", most=10, window=timedelta(minutes=30))
STAFF_PASSWORD_TRIES_A_DAY = Limit(name="staff-password-tries-a-day", most=100, window=timedelta(days=1))
STAFF_SIGN_INS = Limit(name="staff-sign-ins", most=200, window=timedelta(hours=1), per_address=True)
TEST_MESSAGES = Limit(name="test-messages", most=5, window=timedelta(hours=1))
STAFF_PROOF_TRIES = Limit(name="staff-proof-tries", most=5, window=timedelta(minutes=30))
