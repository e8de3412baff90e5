"""The limits of this room. `docs/reference/limits.md` says what each counts."""

from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.limits import Limit

CODE_TRIES = Limit(name="code-tries", most=5, window=timedelta(minutes=30), words=_("Codes entered"))
APP_CODE_TRIES = Limit(
    name="app-code-tries", most=5, window=timedelta(days=1), words=_("Wrong codes of the authenticator app")
)
PASSWORD_TRIES = Limit(name="password-tries", most=10, window=timedelta(minutes=30), words=_("Wrong passwords"))
RESEND = Limit(name="resend", most=1, window=timedelta(seconds=30), words=_("Codes sent again"))
CODES_PER_ADDRESS = Limit(
    name="codes-per-address",
    most=3_000,
    window=timedelta(days=1),
    per_address=True,
    words=_("Codes sent, from one network"),
)
RECOVERY_MAILS = Limit(name="recovery-mails", most=10, window=timedelta(days=1), words=_("Emails to recover access"))
NOTICES = Limit(name="notices", most=5, window=timedelta(days=1), words=_("Notices of one kind"))


def codes_per_day(channel: Literal["sms", "email"]) -> Limit:
    """Codes to one contact point, and for one person, in a day; the numbers are settings."""
    config = settings.MYPOLIS
    most = config.sms_codes_per_day if channel == "sms" else config.email_codes_per_day
    return Limit(name=f"{channel}-codes", most=most, window=timedelta(days=1), words=_("Codes sent"))
