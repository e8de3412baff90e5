"""The card about limits on the desk's start page: which limits refused people today, and how often."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from mypolis.foundation.guards.limits import all_limits
from mypolis.foundation.guards.refusals import refusals_today
from mypolis.foundation.web.charts.bars import bar_chart
from mypolis.foundation.web.charts.figures import Figure

_MOST = 8


def limits_at_desk(_request: HttpRequest, market: str) -> dict[str, Any] | None:
    """A chart of the limits that refused most, and the sum of all; None if none did today."""
    refused = refusals_today(market)
    if not refused:
        return None
    labels = {limit.name: limit.label for limit in all_limits()}
    figures = [Figure(labels.get(name, name), count) for name, count in list(refused.items())[:_MOST]]
    return {"chart": bar_chart(title=_("Refused today, by limit"), figures=figures), "total": sum(refused.values())}
