"""The JSON shapes of partners' requests and responses."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field

from mypolis.foundation.journeys.schemas import ProblemDoc, Strict
from mypolis.foundation.lib.dates import parse_moment

MOST_ENTRIES = 500


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("no text")
    return parse_moment(value)


type Moment = Annotated[datetime, BeforeValidator(_moment)]


class UnknownPlanDoc(Schema):
    """Members whose lists name a plan that is in no plan book."""

    policy_type: str
    plan: str
    members: int


class BookReportDoc(Schema):
    """The result of loading a plan book; plans as `product/plan`."""

    dry_run: bool
    effective: date
    new: list[str]
    changed: list[str]
    unchanged: list[str]
    left_out: list[str]
    unknown: list[UnknownPlanDoc]


class FindingDoc(Schema):
    """A problem: its line (for entries, the position in the list), its place, and its reason."""

    line: int
    place: str
    code: str
    message: str


class BookRefusedDoc(ProblemDoc):
    """Why a plan book was refused as a whole: the first hundred findings, in the book's order."""

    findings: list[FindingDoc] = []


class Entries(Strict):
    """What the core system has reserved and used."""

    entries: list[Any] = Field(
        min_length=1,
        max_length=MOST_ENTRIES,
        description="Objects with the columns of a feed: see the guide to cover.",
        examples=[
            [
                {
                    "id": "core-1",
                    "kind": "use",
                    "policy_number": "NS-G-3107",
                    "participant_number": "000704",
                    "benefit": "doctor",
                    "amount": "150000",
                    "date": "2026-11-20",
                }
            ]
        ],
    )
    as_of: Moment | None = Field(
        None,
        description="The time up to which the data is complete. Send it with the last part; members see it.",
    )


class EntriesReportDoc(Schema):
    """How many entries were loaded, already known, or refused, and why."""

    rows: int
    taken: int
    repeated: int
    refused: int
    errors: list[FindingDoc]


class TokenDoc(Schema):
    """The token of this request."""

    partner: str
    market: str
    may: list[str]
    ends_at: datetime
