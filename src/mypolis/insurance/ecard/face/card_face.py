"""The content of a card in the active language, the same on the page and on paper."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.lib.documents.qr import qr_drawing
from mypolis.insurance.ecard.cards import Held
from mypolis.insurance.ecard.counter.card_codes import Use
from mypolis.insurance.ecard.flows import show
from mypolis.insurance.ecard.numbers import in_groups


def front_facts(held: Held) -> list[tuple[str, str]]:
    """Labels and values shown beside the name and the card's number; a value may be empty."""
    membership = held.membership
    return [
        (_("Policy number"), membership.policy.number),
        (_("Participant number"), membership.participant_number),
        (_("Plan"), membership.plan),
        (_("Valid until"), day_or_open(_last_day(held))),
    ]


def card_number(held: Held) -> str:
    """ "1234 5678 9012"; empty if there is no card yet."""
    return in_groups(held.card.number) if held.card else ""


def day_or_open(day: date | None) -> str:
    """A last day in words, also if there is none."""
    return date_format(day, "DATE_FORMAT") if day else _("open-ended")


def code_of(held: Held, *, use: Use) -> dict[str, Any]:
    """A new code for a page. Raises NotInForce, NotActivated.

    `{"use","qr","made_at","expires_at","made","lasts"}`; `made` in seconds since 1970, `lasts` in seconds.
    """
    shown = show(held, use=use)
    return {
        "use": use,
        "qr": qr_drawing(shown.url),
        "made_at": shown.made_at,
        "expires_at": shown.expires_at,
        "made": int(shown.made_at.timestamp()),
        "lasts": int((shown.expires_at - shown.made_at).total_seconds()),
    }


def _last_day(held: Held) -> date | None:
    """The last day covered; for a cancelled policy, the day it ended if that is earlier."""
    cancelled = held.membership.policy.cancelled_at
    days = [held.valid_until, timezone.localtime(cancelled, held.profile.zone).date() if cancelled else None]
    return min((day for day in days if day), default=None)
