"""The documents of a claim as one strip of pages. Only checked files are in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.insurance.claims.models import Claim

MOST_PAGES = 200


@dataclass(frozen=True)
class DocumentPage:
    """One page: of which file, its number in the file from 1, and how many the file has."""

    file: ReceivedFile
    number: int
    of: int


@dataclass(frozen=True)
class Documents:
    """The strip; `refused` and `checking` are files that are not in it, `left_out` pages that are too many."""

    pages: Sequence[DocumentPage]
    refused: Sequence[ReceivedFile]
    checking: Sequence[ReceivedFile]
    left_out: int


def documents_of(claim: Claim) -> Documents:
    """The documents of a claim in the order in which they came; one query."""
    files = list(ReceivedFile.objects.of(claim).order_by("received_at", "pk"))
    clean = [file for file in files if file.state == ReceivedState.CLEAN]
    pages = [
        DocumentPage(file, number, file.pages or 1) for file in clean for number in range(1, (file.pages or 1) + 1)
    ]
    return Documents(
        pages=pages[:MOST_PAGES],
        refused=[file for file in files if file.state == ReceivedState.REFUSED],
        checking=[file for file in files if file.state == ReceivedState.CHECKING],
        left_out=max(0, len(pages) - MOST_PAGES),
    )
