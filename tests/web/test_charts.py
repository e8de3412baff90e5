"""Charts stay inside their frames, whatever the numbers, and say the numbers as text."""

import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.web.charts.bars import bar_chart
from mypolis.foundation.web.charts.figures import Figure
from mypolis.foundation.web.charts.line import HEIGHT, WIDTH, line_chart

NUMBERS = st.lists(
    st.integers(-(10**40), 10**40)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e30"), max_value=Decimal("1e30")),
    max_size=30,
)
LENGTH = re.compile(r"\d+\.\d")


def figures(numbers: list[int | Decimal]) -> list[Figure]:
    """A figure for each number."""
    return [Figure(f"day {at}", number) for at, number in enumerate(numbers)]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Figure("a", Decimal(text))


def test_no_numbers_draw_an_empty_chart() -> None:
    assert bar_chart(title="none", figures=[]).bars == ()
    drawn = render_to_string("web/charts/line.html", {"chart": line_chart(title="none", figures=[])})
    assert "<svg" not in drawn


def test_zeros_have_no_bars_and_lie_on_the_bottom() -> None:
    assert [bar.width for bar in bar_chart(title="zeros", figures=figures([0, 0])).bars] == ["", ""]
    assert line_chart(title="zeros", figures=figures([0, 0])).line == f"0.0,{HEIGHT}.0 {WIDTH}.0,{HEIGHT}.0"


def test_one_number_is_a_level_line() -> None:
    assert line_chart(title="one", figures=figures([7])).line == f"0.0,0.0 {WIDTH}.0,0.0"


@given(numbers=NUMBERS)
def test_every_bar_is_inside_the_frame(numbers: list[int | Decimal]) -> None:
    bars = bar_chart(title="any", figures=figures(numbers)).bars
    assert len(bars) == len(numbers)
    for number, bar in zip(numbers, bars, strict=True):
        assert bool(bar.width) == (number > 0)
        if bar.width:
            assert LENGTH.fullmatch(bar.width)
            assert 1 <= float(bar.width) <= 100


@given(numbers=NUMBERS)
def test_larger_numbers_have_bars_that_are_no_shorter(numbers: list[int | Decimal]) -> None:
    bars = bar_chart(title="any", figures=figures(sorted(numbers))).bars
    widths = [float(bar.width or 0) for bar in bars]
    assert widths == sorted(widths)
    assert not widths or widths[-1] in (0, 100)


@given(numbers=NUMBERS)
def test_every_point_is_inside_the_frame(numbers: list[int | Decimal]) -> None:
    chart = line_chart(title="any", figures=figures(numbers))
    points = [point.split(",") for point in chart.line.split()]
    assert len(points) == (2 if len(numbers) == 1 else len(numbers))
    for x, y in points:
        assert LENGTH.fullmatch(x)
        assert LENGTH.fullmatch(y)
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= HEIGHT


def test_numbers_are_text_in_the_language_of_the_page_and_lengths_are_not() -> None:
    shown = [Figure("<b>a</b>", Decimal("1234.5")), Figure("b", 411), Figure("c", 2, "2 days")]
    with translation.override("ru"):
        bars = render_to_string("web/charts/bars.html", {"chart": bar_chart(title="t", figures=shown)})
        line = render_to_string("web/charts/line.html", {"chart": line_chart(title="t", figures=shown)})
    for drawn in (bars, line):
        assert "1\xa0234,5" in drawn
        assert "2 days" in drawn
        assert "&lt;b&gt;a&lt;/b&gt;" in drawn
        assert "style=" not in drawn
    assert 'width="33.3%"' in bars
