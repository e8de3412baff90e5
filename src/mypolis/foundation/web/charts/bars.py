"""A chart of bars: one row for each figure, with label, bar and number.

{"chart": bar_chart(title=_("Messages by age"), figures=[Figure(_("up to 5 days"), 12), Figure(_("more"), 3)])}
{% include "web/charts/bars.html" with chart=chart only %}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.charts.figures import Figure, Number, coordinate, largest_of, share_of

_LEAST = Fraction(1, 100)  # the bar of a small number can still be seen


@dataclass(frozen=True)
class Bar:
    """One bar. `width` is in per cent of the row; "" for no bar."""

    label: Text
    text: str
    width: str


@dataclass(frozen=True)
class BarChart:
    """What the template draws."""

    title: Text
    bars: tuple[Bar, ...]


def bar_chart(*, title: Text, figures: Sequence[Figure]) -> BarChart:
    """Return the chart. The longest bar is the largest number; a number of 0 or less has none."""
    largest = largest_of(figures)
    return BarChart(title, tuple(Bar(one.label, one.text, _width(one, largest)) for one in figures))


def _width(figure: Figure, largest: Number) -> str:
    share = share_of(figure.value, largest)
    return coordinate(max(_LEAST, share), 100) if share else ""
