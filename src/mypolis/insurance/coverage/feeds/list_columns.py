"""The columns of feeds and of lists of payments, found by their titles."""

import re
from collections.abc import Sequence
from functools import lru_cache

from mypolis.foundation.lib.tables.table_reader import TabularError

_HINT = re.compile(r"[(\[].*?[)\]]")
_APART = re.compile(r"[\W_]+")


def names_of(titles: tuple[str, ...], columns: Sequence[str]) -> dict[str, str]:
    """Column names by title; letter case, spaces and punctuation are ignored.

    Unknown columns are left out. Raises `TabularError` "doubled_column", or "unclear_column" if a title contains a
    column's name and more text, because such a column must not be ignored silently.
    """
    return _names_of(titles, tuple(columns))


@lru_cache(maxsize=256)
def _names_of(titles: tuple[str, ...], columns: tuple[str, ...]) -> dict[str, str]:
    known = {_folded(column): column for column in columns}
    names = {title: known[_folded(title)] for title in titles if _folded(title) in known}
    if len(set(names.values())) < len(names):
        raise TabularError("doubled_column")
    if any(title not in names and _is_unclear(title, known) for title in titles):
        raise TabularError("unclear_column")
    return names


def _is_unclear(title: str, known: dict[str, str]) -> bool:
    if _folded(_HINT.sub("", title)) in known:
        return True
    parts = [part for part in _APART.split(title.lower()) if part]
    runs = ("".join(parts[first:last]) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
    return any(run in known and run != "id" for run in runs)


def _folded(title: str) -> str:
    return _APART.sub("", title.lower())
