"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from mypolis.foundation.guards.limits import Limit

RECOVERIES = Limit(name="recoveries", most=10, window=timedelta(hours=1))
PASSWORDS_PER_ADDRESS = Limit(name="passwords-per-address", most=30, window=timedelta(minutes=30), per_address=True)
PASSWORDS_PER_JOURNEY = Limit(name="passwords-per-journey", most=10, window=timedelta(hours=1))
NEW_CONTACT_CODES = Limit(name="new-contact-codes", most=5, window=timedelta(days=1))
