"""Names and words: refused where letters were lost on the way."""

import re
from functools import lru_cache

from mypolis.lib.cells.cell import CellError
from mypolis.lib.cells.lines import line_in

# Written by a program that had nothing to say. "Nan" and "Null" with one capital are names of people.
_NOTHING = frozenset({"nan", "NaN", "null", "NULL", "none", "None", "undefined", "<NA>", "NaT", "nil", "#N/A"})
# A letter that a narrower encoding could not hold became a question mark: Petrovi?, ?or?evi?
_QUESTION = re.compile(r"\w\?|\?\w|\?\?")
# Encodings in which UTF-8 is misread most often: PetroviÄ‡, РџРµС‚СЂ
_MISREAD_AS = ("cp1252", "cp1250", "cp1251")
_LONGEST_FOREIGN = 2


def words_in(cell: str, *, max_length: int) -> str:
    """A name or words as they are written, "" for an empty cell. Raises `CellError`, "lost_letters" among others.

    Lost are letters that became question marks, replacement characters or the bytes of another encoding, and words by
    which a program says that it has none (`nan`).
    """
    line = line_in(cell, max_length=max_length)
    if line in _NOTHING or _QUESTION.search(line) or is_misread(line):
        raise CellError("lost_letters")
    return line.removeprefix("'") if _is_marked(line) else line


def _is_marked(line: str) -> bool:
    """Whether the apostrophe marks text for a spreadsheet; 't Hooft and 's Gravesande begin with one of their own."""
    return line.startswith("'") and not line.startswith(("'t ", "'s ", "'T ", "'S "))


def is_misread(line: str) -> bool:
    """Whether the letters, as bytes of another encoding, are UTF-8: chance hardly ever makes it so."""
    return not line.isascii() and _is_misread(line)


@lru_cache(maxsize=10_000)
def _is_misread(line: str) -> bool:
    for encoding in _MISREAD_AS:
        try:
            meant = line.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if len(line) - len(meant) >= (_LONGEST_FOREIGN if encoding == "cp1251" else 1):
            return True
    return False
