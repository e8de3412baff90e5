"""The shapes of a member's own data, for the OpenAPI document."""

from datetime import date
from typing import Literal

from ninja import Schema

from mypolis.foundation.journeys.schemas import AccountDoc


class CoverDoc(Schema):
    """One membership, with the first and the last day on which it covers; `id` opens it under `/policies/`."""

    id: str
    policy_number: str
    policy_type: str
    type_label: str
    employer: str
    plan: str
    participant_number: str
    start: date
    end: date | None
    status: Literal["active", "future", "ended"]


class MemberDoc(AccountDoc):
    """The account with its policies, those of today first; `covered` when any holds today."""

    covered: bool
    policies: list[CoverDoc]
