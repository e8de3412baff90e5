"""The JSON shapes of what providers' programs send and get."""

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from mypolis.foundation.journeys.schemas import Strict


class ProviderDoc(Schema):
    """The provider and the token of this request."""

    code: str
    name: str
    networks: list[str]
    may: list[str]
    ends_at: datetime


class CardCheckBody(Strict):
    """The code of a card that somebody presents now: the text of its QR code, or the part after `/v/`."""

    code: str = Field(max_length=300)


class PresentedCardDoc(Schema):
    """Whether the cover behind a card is in force now. The name is checked with an identity document."""

    outcome: Literal["active", "not_active"]
    initials: str
    plan: str | None
    checked_at: datetime
    elsewhere: int = Field(description="How often the same code was checked in other places: it may be a copy.")
