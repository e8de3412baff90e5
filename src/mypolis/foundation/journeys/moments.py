"""Until when somebody has to wait, in words."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from mypolis.foundation.markets import Profile


def told_time(moment: datetime, profile: Profile) -> str:
    """A moment in the market's time: the time of day, with the date where it is not today."""
    local = timezone.localtime(moment, profile.zone)
    return local.strftime("%H:%M") if local.date() == profile.today() else date_format(local, "SHORT_DATETIME_FORMAT")
