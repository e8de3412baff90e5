"""The shapes of what partners send and read."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from mypolis.journeys.schemas import ProblemDoc, Strict

MOST_ENTRIES = 500


class UnknownPlanDoc(Schema):
    """Members whose lists name a plan that no book knows."""

    policy_type: str
    plan: str
    members: int


class BookReportDoc(Schema):
    """What became of a plan book; plans as `product/plan`."""

    effective: date
    new: list[str]
    changed: list[str]
    unchanged: list[str]
    left_out: list[str]
    unknown: list[UnknownPlanDoc]


class FindingDoc(Schema):
    """Something wrong: on which line (of entries: at which place in the list), where, and why."""

    line: int
    place: str
    code: str
    message: str


class BookRefusedDoc(ProblemDoc):
    """Why a plan book was refused as a whole."""

    findings: list[FindingDoc] = []


class Entries(Strict):
    """What the core system reserved and used; `as_of` is when it knew, else now."""

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
    as_of: AwareDatetime | None = None


class EntriesReportDoc(Schema):
    """How many entries were taken, known before, or refused, and why."""

    rows: int
    taken: int
    repeated: int
    refused: int
    errors: list[FindingDoc]


class TokenDoc(Schema):
    """The token that a partner shows."""

    partner: str
    market: str
    may: list[Literal["plan-books", "cover-entries"]]
    ends_at: datetime
