"""The card about registrations on the desk's start page: how many people registered on each of the last 14 days."""

from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.events.recent import count_by_day
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.web.charts.figures import Figure
from mypolis.foundation.web.charts.line import line_chart
from mypolis.membership.accounts.event_kinds import AccountEvent

DAYS = 14


def registrations_at_desk(_request: HttpRequest, market: str) -> dict[str, Any]:
    """A chart of the days, and the sum."""
    profile = profile_of(market)
    days = count_by_day(
        AccountEvent.ACCOUNT_CREATED, market=market, zone=profile.zone, until=profile.today(), days=DAYS
    )
    figures = [Figure(date_format(one.day, "SHORT_DATE_FORMAT"), one.count) for one in days]
    chart = line_chart(title=_("New accounts by day"), figures=figures)
    return {"chart": chart, "total": sum(one.count for one in days), "days": len(days)}
