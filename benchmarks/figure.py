"""One measured figure as a line of JSON, and the comparison of two sides that gives a ratio."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measured `value` in `unit`. The goal is met if it is at most `goal`; with `more`, if it is at least `goal`.

    `of` says which of the `runs` gave the value, such as the median. With `exact`, only the goal itself is good.
    """

    name: str
    value: float
    unit: str
    goal: float
    runs: int
    of: str
    note: str
    exact: bool = False
    more: bool = False

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        if self.more:
            return self.value >= self.goal
        return self.value == self.goal if self.exact else self.value <= self.goal

    def line(self) -> str:
        """The figure as one JSON object."""
        members = {key: value for key, value in asdict(self).items() if key not in ("exact", "more")}
        names = ("name", "value", "unit", "goal", "holds", "runs", "of", "note")
        return json.dumps({name: (members | {"holds": self.holds})[name] for name in names}, ensure_ascii=False)


type Side = Callable[[], float]


@dataclass(frozen=True)
class Comparison:
    """The result of a comparison: `ours` and `theirs` in seconds, and `ratio`, the median of the runs' ratios."""

    ours: float
    theirs: float
    ratio: float

    def __str__(self) -> str:
        return f"{self.ours * 1000:.2f} ÷ {self.theirs * 1000:.2f} ms = {self.ratio:.2f}"


def compare(ours: Side, theirs: Side, *, runs: int, times: int) -> Comparison:
    """Run both sides alternately, A B A B …: `runs` pairs. Each side of a pair runs `times` times; the median counts.

    With `runs=1`, which is only a quick check, each side runs once.
    """
    times = times if runs > 1 else 1
    ours(), theirs()
    pairs = []
    for _run in range(runs):
        mine = median(ours() for _time in range(times))
        pairs.append((mine, median(theirs() for _time in range(times))))
    return Comparison(
        ours=median(mine for mine, _other in pairs),
        theirs=median(other for _mine, other in pairs),
        ratio=median(mine / other for mine, other in pairs),
    )
