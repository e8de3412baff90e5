"""Reads a plan book's file, YAML or JSON, as plain data with the line of every value.

Every value is read as text, and the book's schema decides its type: YAML does not turn `no` into false or `1_000`
into 1000. Constructs that are hard to read or dangerous are refused: duplicate keys, anchors and aliases, excessive
size or depth.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mypolis.insurance.coverage.problems import Problem

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 20
_NULL = "tag:yaml.org,2002:null"

type Path_ = tuple[str | int, ...]


class UnreadableBook(ValueError):
    """The file is not usable YAML or JSON; `problem` says where and why."""

    def __init__(self, code: str, line: int = 1, path: str = "") -> None:
        super().__init__(code)
        self.problem = Problem(line, path, code)


@dataclass(frozen=True)
class Source:
    """The data of a file, and the first line of each value (by its path of keys and indices)."""

    data: Any
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, path: Path_) -> int:
        """The line of a value, or of its nearest known parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_source(book: Path | bytes) -> Source:
    """The data in a file, or in the bytes of one. Raises UnreadableBook."""
    raw = book if isinstance(book, bytes) else _bytes_in(book)
    if len(raw) > MAX_BYTES:
        raise UnreadableBook("too_large")
    try:
        return parse_source(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableBook("not_utf8") from None


def _bytes_in(path: Path) -> bytes:
    """Reads at most one byte more than the size limit."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        raise UnreadableBook("unreadable") from None


def parse_source(text: str) -> Source:
    """The data in a text. Raises UnreadableBook."""
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # JSON may be indented with tabs, which YAML forbids; its texts contain none
    try:
        _check_structure(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        raise UnreadableBook("not_text", text.count("\n", 0, error.position) + 1) from None
    except yaml.MarkedYAMLError as error:
        raise UnreadableBook("bad_yaml", _line(error.problem_mark or error.context_mark)) from None
    if not isinstance(node, yaml.MappingNode):
        raise UnreadableBook("not_a_book")
    lines: dict[Path_, int] = {}
    return Source(_plain(node, (), lines), lines)


def _check_structure(text: str) -> None:
    """Refuse forbidden constructs before building any data from the file."""
    depth = 0
    for part in yaml.parse(text, Loader=yaml.SafeLoader):
        if getattr(part, "anchor", None) is not None:
            raise UnreadableBook("anchor", _line(part.start_mark))
        if isinstance(part, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise UnreadableBook("too_deep", _line(part.start_mark))
        elif isinstance(part, yaml.CollectionEndEvent):
            depth -= 1


def _line(mark: Any) -> int:
    return mark.line + 1 if mark is not None else 1


def _plain(node: yaml.Node, path: Path_, lines: dict[Path_, int]) -> Any:
    lines[path] = _line(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, place), lines) for place, item in enumerate(node.value)]
    return None if node.tag == _NULL else _joined(str(node.value))


def _joined(text: str) -> str:
    """Join the surrogate pairs that JSON uses for some characters."""
    if text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _mapping(node: yaml.MappingNode, path: Path_, lines: dict[Path_, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = _line(key_node.start_mark)
        if not isinstance(key_node, yaml.ScalarNode):
            raise UnreadableBook("bad_yaml", line)
        key = str(key_node.value)
        if key in found:
            raise UnreadableBook("doubled_key", line, ".".join(map(str, (*path, key))))
        found[key] = _plain(value_node, (*path, key), lines)
        lines[(*path, key)] = line
    return found
