"""JSON shapes about a market as a whole, for the OpenAPI document."""

from datetime import datetime
from typing import Literal

from ninja import Schema

from mypolis.foundation.journeys.schemas import ChoiceDoc
from mypolis.insurance.emergencies.documents import LineDoc


class MarketName(Schema):
    """A market that is served here."""

    code: str
    name: str


class MarketsDoc(Schema):
    """All markets that are served here."""

    markets: list[MarketName]


class PhoneDoc(Schema):
    """A support number. `is_open` is null if the opening hours are unknown; `changes_at` is when that changes."""

    number: str
    label: str
    is_free: bool
    hours: str
    is_open: bool | None
    changes_at: datetime | None


class AppDoc(Schema):
    """The insurer's own app in an app store."""

    name: str
    url: str


class SupportDoc(Schema):
    """Where people get help; `phone` and `hours` are those of the first entry of `phones`."""

    phone: str
    email: str
    hours: str
    phones: list[PhoneDoc]
    apps: list[AppDoc]


class DocumentName(Schema):
    """A consent document, in the language of the response or the market's own."""

    key: str
    title: str
    version: str
    language: str


class DocumentDoc(DocumentName):
    """A consent document with its text."""

    html: str


class FeaturesDoc(Schema):
    """Which features a market has."""

    invitations: bool
    usernames: bool


class MarketDoc(Schema):
    """A market: `journeys` holds the ways of each journey; `ways` holds those of `register`."""

    market: str
    name: str
    insurer: str
    languages: list[str]
    journeys: dict[str, list[str]]
    ways: list[str]
    policy_types: list[ChoiceDoc]
    support: SupportDoc
    emergency: list[LineDoc]
    documents: list[DocumentName]
    features: FeaturesDoc


class ChallengeDoc(Schema):
    """An ALTCHA challenge: find the number up to `maxnumber` whose digest with `salt` equals `challenge`."""

    algorithm: Literal["SHA-256"]
    challenge: str
    salt: str
    signature: str
    maxnumber: int
