"""Reads a list of providers: CSV with the columns `code`, `name`, and optionally `networks` and `active`."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line

LONGEST_NAME = 200
MOST_BYTES = 20 * 1024 * 1024
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_NETWORK = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_COLUMNS = ("code", "name", "networks", "active")
_ANSWERS = {"": True, "yes": True, "no": False}


@dataclass(frozen=True, kw_only=True)
class ProviderRow:
    """A provider as the file has it."""

    code: str
    name: str
    networks: tuple[str, ...] = ()
    is_active: bool = True


class UnreadableProviders(Exception):
    """The file cannot be used; `problems` are sentences that begin with the line's number."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_providers(path: Path) -> list[ProviderRow]:
    """The rows of a file, separated by commas or semicolons. Raises OSError, UnreadableProviders with all mistakes."""
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableProviders("the file is larger than 20 MiB")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableProviders("the file is not UTF-8") from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ",")
    columns = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    if not {"code", "name"} <= set(columns) or set(columns) - set(_COLUMNS) or len(set(columns)) < len(columns):
        raise UnreadableProviders(f"line 1: the columns must be code and name, and may be {', '.join(_COLUMNS[2:])}")
    reader.fieldnames = columns
    try:
        return _rows((reader.line_num, row) for row in reader)
    except csv.Error:
        raise UnreadableProviders(f"line {reader.line_num + 1}: a value is too long") from None


def _rows(lines: Iterable[tuple[int, dict[str, str | None]]]) -> list[ProviderRow]:
    found: dict[str, ProviderRow] = {}
    problems = []
    for number, values in lines:
        try:
            row = _row(values)
            if row.code.casefold() in found:
                raise ValueError(f"the code {row.code} comes twice")
            found[row.code.casefold()] = row
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    if problems:
        raise UnreadableProviders(*problems)
    return list(found.values())


def _row(values: dict[str, str | None]) -> ProviderRow:
    """Raises ValueError with the mistake."""
    if None in values:
        raise ValueError("more values than columns")
    code, active = (values.get("code") or "").strip(), (values.get("active") or "").strip().casefold()
    networks = tuple((values.get("networks") or "").split())
    try:
        name = clean_line(values.get("name") or "", max_length=LONGEST_NAME)
    except UnsafeText:
        raise ValueError("the name is too long, or has characters that cannot be stored") from None
    if not _CODE.fullmatch(code):
        raise ValueError("a code has up to 40 Latin letters, digits, dots and dashes")
    if not name:
        raise ValueError("the name is missing")
    if active not in _ANSWERS:
        raise ValueError("active must be yes or no")
    if any(not _NETWORK.fullmatch(one) for one in networks):
        raise ValueError("networks are keys of plan books, separated by spaces")
    return ProviderRow(code=code, name=name, networks=networks, is_active=_ANSWERS[active])
