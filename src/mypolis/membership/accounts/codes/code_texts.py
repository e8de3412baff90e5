"""Texts about codes that people see."""

import math
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mypolis.foundation.journeys.presenters import time_in_words
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Channel, Text


def on_its_way(until: datetime) -> Text:
    """The text for a person who asks for another code too soon: the time left in seconds, or in minutes if longer."""
    seconds = math.ceil((until - timezone.now()).total_seconds())
    if seconds < 100:
        text: str = ngettext_lazy(
            "We have already sent a code. You can ask for a new one in %(count)d second.",
            "We have already sent a code. You can ask for a new one in %(count)d seconds.",
            "count",
        ) % {"count": seconds}
        return text
    minutes: str = ngettext_lazy(
        "We have already sent a code. You can ask for a new one in %(count)d minute.",
        "We have already sent a code. You can ask for a new one in %(count)d minutes.",
        "count",
    ) % {"count": math.ceil(seconds / 60)}
    return minutes


def held_up(
    profile: Profile, locked_until: datetime | None, no_codes_until: datetime | None, next_at: datetime | None
) -> Text:
    """Why no code can be entered or sent, and until when; empty when nothing prevents it.

    `next_at` is set when this journey has sent no code yet, so that there is nothing to enter.
    """
    if locked_until is not None:
        time = time_in_words(locked_until, profile)
        return _("There were too many wrong codes. You can enter a code again at %(time)s.") % {"time": time}
    if no_codes_until is not None:
        time = time_in_words(no_codes_until, profile)
        return _("We cannot send more codes for now. You can ask for a new one at %(time)s.") % {"time": time}
    if next_at is None:
        return ""
    return on_its_way(next_at) if next_at > timezone.now() else _("You can ask for a new code now.")


def if_right(channel: Channel, where: str, minutes: int) -> Text:
    """The text for a person whom we may not know. It is true for members and strangers alike."""
    if channel == "sms":
        sent = _("If these details are right, we have sent a code to %(where)s.")
    else:
        sent = _("If these details are right, we have sent a code to the email address of your account.")
    valid: str = ngettext_lazy(
        "It is valid for %(minutes)d minute.", "It is valid for %(minutes)d minutes.", "minutes"
    ) % {"minutes": minutes}
    return f"{sent % {'where': where}} {valid}"


def wrong(tries_left: int) -> Text:
    """The text for a wrong code."""
    text: str = ngettext_lazy(
        "That code is not right. You have %(count)d try left.",
        "That code is not right. You have %(count)d tries left.",
        "count",
    ) % {"count": tries_left}
    return text
