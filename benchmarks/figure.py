"""One measured figure, as the contract has it, and the two-sided measurement behind a ratio."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`value` in `unit`, good as long as it is at most `goal`, or at least that where `more` is better.

    `of` says which of the `runs` is quoted.
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
        """Whether the goal is met: by this very value where `exact`, else by this or a better one."""
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
    """What both sides of a ratio cost: `ours` and `theirs` in seconds, `ratio` the median of the runs' ratios."""

    ours: float
    theirs: float
    ratio: float

    def __str__(self) -> str:
        return f"{self.ours * 1000:.2f} ÷ {self.theirs * 1000:.2f} ms = {self.ratio:.2f}"


def compare(ours: Side, theirs: Side, *, runs: int, times: int) -> Comparison:
    """Run both sides in turn, A B A B …: `runs` pairs, in each of them `times` of either, whose median counts.

    One run is a look and no measurement: each side then goes once in it.
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
