"""The JSON shapes of cards, for request bodies and the OpenAPI document."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from mypolis.foundation.journeys.schemas import Strict


class Activate(Strict):
    """`accept_card`: the member saw and accepted the card's terms; required if the market has terms."""

    accept_card: bool = False


class AskLetter(Strict):
    """Which cover the letter confirms, and in which of the market's languages; by default that of the request."""

    card: str = Field(max_length=20)
    language: str | None = Field(None, max_length=12)


class Line(Schema):
    """A phone number."""

    label: str
    phone: str


class Terms(Schema):
    """A text to accept; fetch it with `GET /{market}/documents/{key}`."""

    key: str
    title: str
    version: str
    language: str


class CardDoc(Schema):
    """A cover with its card. `id` stays the same after a replacement; `number` and `issued_at` change with the card."""

    id: str
    state: Literal["to_activate", "active", "future", "ended"]
    number: str | None
    issued_at: datetime | None
    insurer: str
    name: str
    name_latin: str | None
    policy_number: str
    policy_type: str
    type_label: str
    participant_number: str
    plan: str
    employer: str
    valid_from: date
    valid_until: date | None
    emergency: list[Line]
    support_phone: str
    terms: Terms | None


class CardsDoc(Schema):
    """A member's cards; those that can be shown come first."""

    cards: list[CardDoc]


class CodeDoc(Schema):
    """A code for the counter: draw `url` as a QR code, and fetch a new one before `expires_at`."""

    token: str
    url: str
    use: Literal["now", "offline"]
    made_at: datetime
    expires_at: datetime


class LookDoc(Schema):
    """Somebody checked the card or a letter. Who it was is stored nowhere that a member or the counter could read.

    `looker` is the member (`self`) or the kind of device used. `place` numbers the networks by their first check, from
    1; `here` is true if it is the network of this request.
    """

    at: datetime
    use: Literal["now", "offline", "print", "letter"]
    outcome: Literal["active", "not_active", "replaced", "expired", "limited"]
    looker: Literal["self", "phone", "computer", "program", ""]
    place: int
    here: bool


class LooksDoc(Schema):
    """The newest checks, newest first; `copied_at` is when a code, not on paper, was last seen in a second place."""

    looks: list[LookDoc]
    copied_at: datetime | None


class CheckDoc(Schema):
    """What a stranger learns about a genuine code that has not expired."""

    outcome: Literal["active", "not_active"]
    insurer: str
    initials: str
    plan: str | None
    use: Literal["now", "offline", "print"]
    made_at: datetime
    checked_at: datetime
    elsewhere: int
    first_elsewhere: datetime | None


class LetterDoc(Schema):
    """A letter; its PDF is at `…/letters/{id}.pdf`."""

    id: str
    number: str
    card: str
    language: str
    issued_at: datetime


class LettersDoc(Schema):
    """A member's letters, newest first."""

    letters: list[LetterDoc]


class LetterCheckDoc(Schema):
    """What the holder of a letter learns; the period is the one that the letter states."""

    outcome: Literal["active", "not_active"]
    insurer: str
    number: str
    issued_at: datetime
    initials: str
    policy: str
    valid_from: date
    valid_until: date | None
    checked_at: datetime
