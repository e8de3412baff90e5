"""The demo's reports: the days before today are summed at once, because the hourly job may not have run yet."""

from django.utils import timezone

from mypolis.foundation.markets import Profile
from mypolis.offices.reports.sums.catching_up import catch_up


def sum_sample_days(profile: Profile) -> None:
    """Sum the days of the sample claims. Does nothing if they are summed."""
    catch_up(profile, timezone.now())
