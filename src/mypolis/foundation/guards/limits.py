"""Every limit there is, by name; `docs/reference/limits.md` lists them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most `most` uses in a `window` that begins with the first use."""

    name: str
    most: int
    window: timedelta


NEW_JOURNEYS = Limit(name="journeys", most=1_000, window=timedelta(hours=1))
WAITED_FORMS = Limit(name="waited-forms", most=60, window=timedelta(hours=1))
FAILED_MATCHES = Limit(name="matches", most=10, window=timedelta(hours=1))
FAILED_MATCHES_PER_ADDRESS = Limit(name="matches-per-address", most=1_000, window=timedelta(hours=1))
RECOVERIES = Limit(name="recoveries", most=10, window=timedelta(hours=1))
CODE_TRIES = Limit(name="code-tries", most=5, window=timedelta(minutes=30))
APP_CODE_TRIES = Limit(name="app-code-tries", most=5, window=timedelta(days=1))
PASSWORD_TRIES = Limit(name="password-tries", most=10, window=timedelta(minutes=30))
PASSWORDS_PER_ADDRESS = Limit(name="passwords-per-address", most=30, window=timedelta(minutes=30))
PASSWORDS_PER_JOURNEY = Limit(name="passwords-per-journey", most=10, window=timedelta(hours=1))
ANSWERS_PER_JOURNEY = Limit(name="answers-per-journey", most=200, window=timedelta(hours=1))
RESEND = Limit(name="resend", most=1, window=timedelta(seconds=30))
CODES_PER_ADDRESS = Limit(name="codes-per-address", most=3_000, window=timedelta(days=1))
RECOVERY_MAILS = Limit(name="recovery-mails", most=10, window=timedelta(days=1))
NOTICES = Limit(name="notices", most=5, window=timedelta(days=1))
NEW_CONTACT_CODES = Limit(name="new-contact-codes", most=5, window=timedelta(days=1))
CARD_CHECKS = Limit(name="card-checks", most=60, window=timedelta(hours=1))
CARD_CHECKS_PER_ADDRESS = Limit(name="card-checks-per-address", most=1_000, window=timedelta(hours=1))
GOOD_CARD_CHECKS_PER_ADDRESS = Limit(name="good-card-checks-per-address", most=1_000, window=timedelta(hours=1))
OTHER_CARD_CHECKS = Limit(name="other-card-checks", most=60, window=timedelta(hours=1))
CARD_REISSUES = Limit(name="card-reissues", most=5, window=timedelta(days=1))
CARD_PAPERS = Limit(name="card-papers", most=30, window=timedelta(hours=1))
LETTERS = Limit(name="letters", most=10, window=timedelta(days=1))
MANDATE_OFFERS = Limit(name="mandate-offers", most=5, window=timedelta(days=1))
MANDATE_OFFERS_TO_ONE = Limit(name="mandate-offers-to-one", most=3, window=timedelta(days=1))
PLAN_BOOKS_SENT = Limit(name="plan-books", most=30, window=timedelta(hours=1))
PARTNER_CALLS = Limit(name="partner-calls", most=3_600, window=timedelta(hours=1))

# From so many uses of an address on, a market that asks its captcha by risk asks it.
RISKY: tuple[tuple[Limit, int], ...] = ((NEW_JOURNEYS, 20), (FAILED_MATCHES_PER_ADDRESS, 5))


def codes_per_day(channel: Literal["sms", "email"]) -> Limit:
    """Codes to one contact point, and for one person, in a day; the numbers are settings."""
    config = settings.MYPOLIS
    most = config.sms_codes_per_day if channel == "sms" else config.email_codes_per_day
    return Limit(name=f"{channel}-codes", most=most, window=timedelta(days=1))
