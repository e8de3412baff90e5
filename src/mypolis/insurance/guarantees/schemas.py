"""The JSON shapes of guarantees, for members' and providers' programs."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from mypolis.foundation.journeys.schemas import Strict

type Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-12-10"])]
type Sum = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", examples=["1500000.00"])]


class AskBody(Strict):
    """A member's request. `provider` is a code of the directory; without one, `provider_name` is the clinic's name.

    `expected` is in the currency of the person's plan.
    """

    membership: str = Field(min_length=1, max_length=20)
    benefit: str = Field(min_length=1, max_length=40, examples=["inpatient"])
    provider: str = Field(default="", max_length=40, pattern=r"^[A-Za-z0-9.-]*$", examples=["KM-01"])
    provider_name: str = Field(default="", max_length=200)
    planned_from: Day
    planned_to: Day
    expected: Sum


class GuaranteeStepDoc(Schema):
    """Something that happened: the state that it led to, and why, in the language of the request."""

    state: str
    headline: str
    at: datetime
    reasons: list[str]


class GuaranteeDoc(Schema):
    """A guarantee. Sums and days of validity are null before a promise; `holds`: a clinic can rely on it today."""

    number: str
    state: str
    headline: str
    holds: bool
    membership: str
    benefit: str
    provider: str | None
    provider_name: str
    planned_from: date
    planned_to: date
    expected: str
    promised: str | None
    own_share: str | None
    currency: str
    conditions: str
    valid_from: date | None
    valid_until: date | None
    asked_at: datetime
    timeline: list[GuaranteeStepDoc]


class GuaranteesDoc(Schema):
    """A page of guarantees, newest first. `next` names the page after it; null on the last."""

    guarantees: list[GuaranteeDoc]
    next: str | None


class ProviderAskBody(Strict):
    """A request for the person whose card is presented now. `expected` is in the currency of the person's plan."""

    code: str = Field(max_length=300)
    benefit: str = Field(min_length=1, max_length=40, examples=["inpatient"])
    planned_from: Day
    planned_to: Day
    expected: Sum


class ProviderGuaranteeDoc(Schema):
    """The guarantee that was asked for. Sums are null before a decision."""

    number: str
    state: str
    promised: str | None
    own_share: str | None
    currency: str
    valid_until: date | None
