"""The numbers of a chart: checked, written for people, and scaled to the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format

from mypolis.foundation.markets.profile import Text

type Number = int | Decimal


@dataclass(frozen=True)
class Figure:
    """A number of a chart with its label. `shown` is the number as text; without it, the plain number."""

    label: Text
    value: Number
    shown: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for a number that cannot be drawn: infinite, or no number at all."""
        if isinstance(self.value, Decimal) and not self.value.is_finite():
            raise ValueError("a chart draws finite numbers only")

    @property
    def text(self) -> str:
        """The number as text, in the page's language."""
        return self.shown or number_format(self.value, use_l10n=True, force_grouping=True)


def largest_of(figures: Sequence[Figure]) -> Number:
    """Return the largest number; 0 if there is none above it."""
    return max((one.value for one in figures if one.value > 0), default=0)


def share_of(value: Number, largest: Number) -> Fraction:
    """Return which part of the largest number this is, from 0 to 1. Negative numbers are drawn as 0."""
    if largest <= 0 or value <= 0:
        return Fraction(0)
    return min(Fraction(1), Fraction(value) / Fraction(largest))


def coordinate(share: Fraction, size: int) -> str:
    """Return a length in the drawing, to a tenth of a unit. Always with a point: SVG knows no decimal comma."""
    tenths = round(share * size * 10)
    return f"{tenths // 10}.{tenths % 10}"
