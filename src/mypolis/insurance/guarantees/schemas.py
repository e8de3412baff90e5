"""The JSON shapes of guarantees, for providers' programs."""

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field

from mypolis.foundation.journeys.schemas import Strict


class ProviderAskBody(Strict):
    """A request for the person whose card is presented now. `expected` is in the currency of the person's plan."""

    code: str = Field(max_length=300)
    benefit: str = Field(min_length=1, max_length=40, examples=["inpatient"])
    planned_from: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-12-10"])
    planned_to: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-12-12"])
    expected: Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", examples=["1500000.00"])]


class ProviderGuaranteeDoc(Schema):
    """The guarantee that was asked for. Sums are null before a decision."""

    number: str
    state: str
    promised: str | None
    own_share: str | None
    currency: str
    valid_until: date | None
