"""Counts of claims by a number of days, and what lies in their middle."""

from collections import Counter
from collections.abc import Iterable, Mapping


def together(parts: Iterable[Mapping[str, int]]) -> Counter[int]:
    """Return the sum of several counts, as they are stored: {"3": 12} is twelve claims of three days."""
    counts: Counter[int] = Counter()
    for part in parts:
        for days, number in part.items():
            counts[int(days)] += number
    return counts


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """Return the number of days within which so many per cent of the claims are (nearest rank); None without claims.

    50 is the median.
    """
    total = sum(counts.values())
    rank = -(-total * percent // 100)
    for days in sorted(counts):
        rank -= counts[days]
        if rank <= 0 and total:
            return days
    return None
