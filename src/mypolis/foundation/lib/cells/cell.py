"""A spreadsheet cell that is not text: its value, and the text that a person would type for it."""

from typing import Literal, Self

type Kind = Literal["number", "day", "moment", "truth", "merged"]


class Cell(str):
    """The text of a cell, and what the spreadsheet keeps: a `number` with its format, a `day`, a `moment`, a `truth`.

    A cell is `merged` with one to its left, whose text it repeats: nobody can know whether it is meant here.

    `value` is the number as the file has it, or the day or moment in ISO 8601. `number_format` is "" for a number shown
    as it is, and None where the format cannot be known. A text cell, and every cell of a text file, is a plain `str`.
    """

    __slots__ = ("kind", "number_format", "value")

    kind: Kind
    value: str
    number_format: str | None

    def __new__(cls, text: str, kind: Kind, value: str, number_format: str | None = "") -> Self:
        """All three are kept as they are given."""
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
