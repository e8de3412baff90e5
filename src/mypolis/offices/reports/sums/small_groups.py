"""Benefits of which so few people have figures that a row could tell about one of them. They are shown together.

With the small benefits goes one that is not small: then nobody can subtract, and the row is about enough people.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 5
"""A row is about at least so many people."""


@dataclass(frozen=True)
class Groups:
    """How benefits are shown: `alone` in rows of their own, `together` in one row.

    With `is_hidden` even the row of all together is about too few people, and has no figures.
    """

    alone: tuple[str, ...]
    together: tuple[str, ...]
    is_hidden: bool


def grouped(people: Mapping[str, Iterable[int]]) -> Groups:
    """Group benefits by the numbers of people whom their figures are about. A number of 0 has nothing to tell."""
    least = {key: min((number for number in numbers if number), default=0) for key, numbers in people.items()}
    present = sorted(key for key, number in least.items() if number)
    small = [key for key in present if least[key] < LEAST]
    large = [key for key in present if least[key] >= LEAST]
    if not small:
        return Groups(tuple(present), (), is_hidden=False)
    if not large:
        return Groups((), tuple(small), is_hidden=True)
    companion = min(large, key=lambda key: (least[key], key))
    return Groups(tuple(key for key in large if key != companion), (*small, companion), is_hidden=False)
