"""Opening hours in words, in the language of the page: "Mon–Fri 08:00–20:00", "Open now, until 20:00"."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

from django.utils.formats import time_format
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from mypolis.foundation.lib.opening_hours import DAY, OpeningHours, Span, State

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


_ZONES = {("ru", "MSK"): "МСК"}  # others are the same in every script


@dataclass(frozen=True)
class StateInWords:
    """Whether the line is open now, and a sentence that says so."""

    is_open: bool
    text: str


def in_words(hours: OpeningHours) -> str:
    """Write the hours of a week. Consecutive days with the same hours are grouped."""
    if all(spans == ((0, DAY),) for spans in hours.week):
        return _("Day and night, every day")
    runs = [
        (spans, [number for number, _spans in days])
        for spans, days in groupby(enumerate(hours.week), lambda day: day[1])
    ]
    if len(runs) == 1:
        return _("Every day %(times)s") % {"times": _times(runs[0][0])}
    return ", ".join(f"{_days(days)} {_times(spans)}" for spans, days in runs if spans)


def state_in_words(state: State, now: datetime) -> StateInWords:
    """Say whether the line is open now, and until when. Times are in the zone of `until`."""
    if state.until is None:
        return StateInWords(state.is_open, _("Open now") if state.is_open else _("Closed now"))
    words = {"time": _time(state.until.time()), "day": WEEKDAYS[state.until.weekday()]}
    if state.is_open:
        return StateInWords(True, _("Open now, until %(time)s") % words)
    if state.until.date() == now.astimezone(state.until.tzinfo).date():
        return StateInWords(False, _("Closed now, opens at %(time)s") % words)
    return StateInWords(False, _("Closed now, opens %(day)s at %(time)s") % words)


def zone_name(moment: datetime) -> str:
    """Return the abbreviation of the moment's time zone in the current language: WIB, CET, МСК."""
    zone = moment.strftime("%Z")
    return _ZONES.get((get_language() or "", zone), zone)


def _days(days: list[int]) -> str:
    first, last = str(WEEKDAYS[days[0]]), str(WEEKDAYS[days[-1]])
    if len(days) == 1:
        return first
    return f"{first}–{last}" if len(days) > 2 else f"{first}, {last}"


def _times(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)


def _clock(minutes: int) -> str:
    if minutes == DAY:  # write 24:00, the end of a day, not 00:00
        return re.sub("^0+", "24", _time(time(0)))
    return _time(time(minutes // 60 % 24, minutes % 60))


def _time(moment: time) -> str:
    return time_format(moment, "TIME_FORMAT")
