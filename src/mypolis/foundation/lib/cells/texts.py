"""Names and words. A letter that was lost on the way to us is noticed here, before it is on somebody's card."""

from mypolis.foundation.lib.cells.cell import CellError
from mypolis.foundation.lib.cells.cleaning import line_in
from mypolis.foundation.lib.cells.wrong_encoding import has_lost_letters, is_misread

# Written by a program that had nothing to say. "Nan" and "Null" with one capital are names of people.
_NOTHING = frozenset({"nan", "NaN", "null", "NULL", "none", "None", "undefined", "<NA>", "NaT", "nil", "#N/A"})
_NOTHING |= frozenset({"(null)", "<null>", "[null]", "\\N", "<none>"})
# The same where a program has joined it to other words. No name is spelled so.
_NO_WORDS = frozenset({"NaN", "NULL", "null", "<NA>", "NaT", "undefined", "#N/A"})


def words_in(cell: str, *, max_length: int) -> str:
    """A name or words as they are written, "" for an empty cell. Raises `CellError`, "lost_letters" among others.

    Lost are letters that became question marks, replacement characters or the bytes of another encoding, and words by
    which a program says that it has none (`nan`).
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
