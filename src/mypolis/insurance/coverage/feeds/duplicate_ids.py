"""Detects ids that a list uses for two different contents. Both rows are refused: we cannot know which is correct."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import pairwise
from typing import Protocol

from mypolis.insurance.coverage.problems import Problem


class _Row(Protocol):
    """A row of a feed or a list of payments; rows with equal `content` mean the same, even if written differently."""

    @property
    def line(self) -> int: ...
    @property
    def external_id(self) -> str: ...
    @property
    def content(self) -> Hashable: ...


def without_conflicting_ids[R: _Row](rows: Callable[[], Iterable[R | Problem]]) -> Iterator[R | Problem]:
    """Every row or its problem; "id_twice" for all rows that share an id but differ.

    `rows` reads the list from its beginning. It is called twice, and a third time if an id is repeated. Memory use is
    eight bytes per row.
    """
    unclear = _conflicting_ids(rows)
    for row in rows():
        if not isinstance(row, Problem) and row.external_id in unclear:
            yield Problem(row.line, "id", "id_twice")
        else:
            yield row


def _conflicting_ids[R: _Row](rows: Callable[[], Iterable[R | Problem]]) -> frozenset[str]:
    digests = array("q", (hash(row.external_id) for row in rows() if not isinstance(row, Problem)))
    repeated = {one for one, other in pairwise(sorted(digests)) if one == other}
    if not repeated:
        return frozenset()
    seen: dict[str, int] = {}
    twice = set()
    for row in rows():
        if not isinstance(row, Problem) and hash(row.external_id) in repeated:
            content = hash(row.content)
            if seen.setdefault(row.external_id, content) != content:
                twice.add(row.external_id)
    return frozenset(twice)
