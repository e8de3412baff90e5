"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

RECOVERIES = Limit(name="recoveries", most=10, window=timedelta(hours=1), words=_("Recoveries of access"))
PASSWORDS_PER_ADDRESS = Limit(
    name="passwords-per-address",
    most=30,
    window=timedelta(minutes=30),
    per_address=True,
    words=_("Wrong passwords from one network"),
)
PASSWORDS_PER_JOURNEY = Limit(
    name="passwords-per-journey", most=10, window=timedelta(hours=1), words=_("Wrong passwords in one sign-in")
)
NEW_CONTACT_CODES = Limit(name="new-contact-codes", most=5, window=timedelta(days=1), words=_("Codes to a new contact"))
