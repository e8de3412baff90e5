"""The JSON shapes of a member's own data, for the OpenAPI document."""

from datetime import date
from typing import Literal

from ninja import Schema

from mypolis.foundation.journeys.schemas import AccountDoc


class MembershipDoc(Schema):
    """One membership, with its first and last covered day; `id` opens it under `/policies/`."""

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
    """The account with its policies, the current ones first; `covered` is true if any is active today."""

    covered: bool
    policies: list[MembershipDoc]
