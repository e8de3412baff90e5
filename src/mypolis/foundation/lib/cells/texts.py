"""Reads names and words, and detects lost letters before they are printed on somebody's card."""

from mypolis.foundation.lib.cells.cell import CellError
from mypolis.foundation.lib.cells.cleaning import line_in
from mypolis.foundation.lib.cells.wrong_encoding import has_lost_letters, is_misread

# Programs write these for a missing value. "Nan" and "Null" with one capital are names of people.
_NOTHING = frozenset({"nan", "NaN", "null", "NULL", "none", "None", "undefined", "<NA>", "NaT", "nil", "#N/A"})
_NOTHING |= frozenset({"(null)", "<null>", "[null]", "\\N", "<none>"})
# The same, joined to other words by a program. No name is spelled like this.
_NO_WORDS = frozenset({"NaN", "NULL", "null", "<NA>", "NaT", "undefined", "#N/A"})


def words_in(cell: str, *, max_length: int) -> str:
    """Return a name or words as written, "" for an empty cell. Raises `CellError` "lost_letters" and others.

    Letters are lost if they became question marks, replacement characters or bytes of another encoding. Words that
    programs write for a missing value (`nan`) are refused too.
    """
    line = line_in(cell, max_length=max_length)
    if _says_nothing(line) or has_lost_letters(line) or is_misread(line):
        raise CellError("lost_letters")
    return line.removeprefix("'") if _is_marked(line) else line


def _says_nothing(line: str) -> bool:
    if " " not in line:
        return line in _NOTHING
    words = line.split()
    return line in _NOTHING or not _NO_WORDS.isdisjoint(words) or ("nan" in words and not line.islower())


def _is_marked(line: str) -> bool:
    """Whether the apostrophe marks text for a spreadsheet; 't Hooft and 's Gravesande begin with one of their own."""
    return line.startswith("'") and not line.startswith(("'t ", "'s ", "'T ", "'S "))
