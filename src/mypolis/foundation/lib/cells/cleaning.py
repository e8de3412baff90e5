"""Cleaning for every cell: removes spreadsheet markers, and refuses failed formulas and lost letters."""

import re

from mypolis.foundation.lib.cells.cell import Cell, CellError
from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line

# ="00072302": how a text file tells a spreadsheet that a cell is text.
_GUARDED = re.compile(r'=\s*"((?:[^"]|"")*)"')
# What a spreadsheet shows for a formula that failed, in any language: #REF!, #DIV/0!, #ИМЯ?
_FAILED = re.compile(r"#(N/A|Н/Д|[^\W\d_]+(/0)?[!?])|Err:\d{3}|#{3,}")
_APOSTROPHES = "'’‘`´"  # programs that write text make the first one curly
_REPLACEMENT = "\ufffd"


def line_in(cell: str, *, max_length: int) -> str:
    """Return the cell as one clean line, "" for an empty cell.

    Raises `CellError` "not_text", "too_long", "failed_formula" (also for a formula itself), "lost_letters" or
    "merged".
    """
    if isinstance(cell, Cell) and cell.kind == "merged":
        raise CellError("merged")
    if not cell:
        return ""
    try:
        line = clean_line(unguarded(cell), max_length=max_length)
    except UnsafeText as error:
        raise CellError("too_long" if error.code == "too_long" else "not_text") from None
    if _FAILED.fullmatch(line) or line.startswith("="):
        raise CellError("failed_formula")
    if _REPLACEMENT in line:
        raise CellError("lost_letters")
    return line


def value_in(cell: str, *, max_length: int) -> str:
    """The same for cells that are not names or words: also remove the apostrophe that marks text."""
    line = line_in(cell, max_length=max_length)
    is_marked = not isinstance(cell, Cell) and line.startswith(tuple(_APOSTROPHES))
    return line[1:].lstrip() if is_marked else line


def is_marked_as_text(cell: str) -> bool:
    """Whether the cell of a text file tells a spreadsheet that it is text."""
    return cell.strip().startswith(tuple(_APOSTROPHES)) or _GUARDED.fullmatch(cell.strip()) is not None


def unguarded(cell: str) -> str:
    """Remove the formula with which a text file tells a spreadsheet that the cell is text."""
    guarded = _GUARDED.fullmatch(cell.strip())
    return guarded[1].replace('""', '"') if guarded else cell
