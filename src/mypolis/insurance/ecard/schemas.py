"""The shapes of the cards' JSON, for reading bodies and for the OpenAPI document."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from mypolis.foundation.journeys.schemas import Strict


class Activate(Strict):
    """`accept_card`: the terms of the card were shown and accepted; needed where the market has terms."""

    accept_card: bool = False


class AskLetter(Strict):
    """Which cover the letter confirms, and in which language of the market; the request's own by default."""

    card: str = Field(max_length=20)
    language: str | None = Field(None, max_length=12)


class Line(Schema):
    """A number to call."""

    label: str
    phone: str


class Terms(Schema):
    """A text to accept; `GET /{market}/documents/{key}` has it."""

    key: str
    title: str
    version: str
    language: str


class CardDoc(Schema):
    """A cover with its card. `id` stays when the card is issued anew; `number` and `issued_at` are the card's own."""

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
    """A member's cards, those that can be shown first."""

    cards: list[CardDoc]


class CodeDoc(Schema):
    """A code for the counter: draw `url` as a QR code, and fetch a new one before `expires_at`."""

    token: str
    url: str
    use: Literal["now", "offline"]
    made_at: datetime
    expires_at: datetime


class LookDoc(Schema):
    """Somebody checked the card or a letter; who it was is kept nowhere that a member or the counter could read.

    `looker` is the member (`self`) or with what it was done. `place` numbers the networks in the order in which they
    looked first, from 1; `here` is the network that this answer goes to.
    """

    at: datetime
    use: Literal["now", "offline", "print", "letter"]
    outcome: Literal["active", "not_active", "replaced", "expired", "limited"]
    looker: Literal["self", "phone", "computer", "program", ""]
    place: int
    here: bool


class LooksDoc(Schema):
    """The newest looks, newest first; `copied_at`: when one code, not on paper, was last seen in a second place."""

    looks: list[LookDoc]
    copied_at: datetime | None


class CheckDoc(Schema):
    """What a stranger learns of a genuine code that is still good."""

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
    """What somebody who holds a letter learns; the period is that which the letter states."""

    outcome: Literal["active", "not_active"]
    insurer: str
    number: str
    issued_at: datetime
    initials: str
    policy: str
    valid_from: date
    valid_until: date | None
    checked_at: datetime
