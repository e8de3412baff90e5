"""A spreadsheet cell that is not text: its value, and the text that a person would type for it."""

from typing import Literal, Self

type Kind = Literal["number", "day", "moment", "truth", "merged"]


class Cell(str):
    """The text of a cell, with its kind and its value in the spreadsheet. Text cells are plain `str`.

    Kinds: a `number`, a `day`, a `moment` (date and time), a `truth` (true or false, or anything else that is not
    text), or `merged`: the cell repeats the text of one to its left, and nobody knows whether it is meant here too.

    `value` is the number as in the file, or the day or moment in ISO 8601. `number_format` is "" for a number without
    a special format, and None if the format is unknown.
    """

    __slots__ = ("kind", "number_format", "value")

    kind: Kind
    value: str
    number_format: str | None

    def __new__(cls, text: str, kind: Kind, value: str, number_format: str | None = "") -> Self:
        """Store all values unchanged."""
        cell = super().__new__(cls, text)
        cell.kind, cell.value, cell.number_format = kind, value, number_format
        return cell


class KnownText(str):
    """Text that no spreadsheet has changed: a text cell of a spreadsheet, or a JSON string from a program."""

    __slots__ = ()


class CellError(ValueError):
    """The cell cannot be used. `code` is for programs; each kind of list has its own message for people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
