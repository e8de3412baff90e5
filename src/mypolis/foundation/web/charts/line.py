"""A line over days, or over other steps of equal length.

{"chart": line_chart(title=_("Registrations"), figures=[Figure(date_format(day, "SHORT_DATE_FORMAT"), number), …])}
{% include "web/charts/line.html" with chart=chart only %}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.charts.figures import Figure, coordinate, largest_of, share_of

WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True)
class LineChart:
    """What the template draws.

    `line` is a list of points "x,y" for SVG, in a frame of WIDTH × HEIGHT; `area` is the same, closed along the bottom.
    `most` is the largest number as text; the bottom of the frame is 0.
    """

    title: Text
    figures: tuple[Figure, ...]
    line: str
    area: str
    most: str


def line_chart(*, title: Text, figures: Sequence[Figure]) -> LineChart:
    """Return the chart of the figures, the earliest first. One figure is a level line; none draws nothing."""
    largest = largest_of(figures)
    heights = [coordinate(1 - share_of(one.value, largest), HEIGHT) for one in figures]
    if len(heights) == 1:
        heights *= 2
    places = [coordinate(Fraction(at, max(1, len(heights) - 1)), WIDTH) for at in range(len(heights))]
    line = " ".join(f"{x},{y}" for x, y in zip(places, heights, strict=True))
    area = f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}" if line else ""
    most = max(figures, key=lambda one: one.value).text if figures else ""
    return LineChart(title, tuple(figures), line, area, most)
