"""Cleans contents in a test and looks at the result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from mypolis.foundation.files.cleaning.cleaner import Cleaned, Refused, clean, file_in_memory
from mypolis.foundation.files.cleaning.reasons import Reason, Trace
from mypolis.foundation.files.scanning.scanner import Scanner


@dataclass(frozen=True)
class Result:
    """What became of contents: their cleaned bytes, or the reason of the refusal."""

    reason: Reason | None = None
    content: bytes = b""
    media_type: str = ""
    pages: int = 0
    previews: tuple[bytes, ...] = ()
    codes: tuple[str, ...] = ()
    trace: Trace = ""

    def picture(self) -> Image.Image:
        """The cleaned picture."""
        return Image.open(BytesIO(self.content), formats=["JPEG"])


def cleaned(content: bytes, *, look: Callable[[Iterator[bytes]], None] = lambda _stream: None) -> Result:
    """Clean the contents."""
    with file_in_memory() as source:
        source.write(content)
        match clean(source, look=look):
            case Refused(reason):
                return Result(reason)
            case Cleaned() as done:
                with done.content:
                    content = done.content.read()
                    return Result(None, content, done.media_type, done.pages, done.previews, done.codes, done.trace)


def streams_found_by(scanner: Scanner, content: bytes) -> int:
    """In how many decoded streams of the contents the scanner finds something."""
    verdicts = []
    cleaned(content, look=lambda stream: verdicts.append(scanner.scan(stream)))
    return sum(verdict.result == "infected" for verdict in verdicts)
