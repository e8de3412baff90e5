"""What a virus scanner does, whichever it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Verdict:
    """What a scanner says about contents. `signature` names what it found; it is empty for clean contents.

    Contents that are too large, too deep or encrypted are `unscannable`, which is not `clean`.
    """

    result: Literal["clean", "infected", "unscannable"]
    signature: str = ""


class ScannerAwayError(Exception):
    """Nobody can scan now: the scanner does not answer, or its definitions are too old. Try again later."""


class Scanner(Protocol):
    """A virus scanner."""

    def scan(self, content: Iterable[bytes]) -> Verdict:
        """Scan contents that come in pieces of any size. Raises ScannerAwayError."""
