"""The shapes of what belongs to a market as a whole, for the OpenAPI document."""

from typing import Literal

from ninja import Schema

from mypolis.journeys.schemas import ChoiceDoc


class MarketName(Schema):
    """A market that is served here."""

    code: str
    name: str


class MarketsDoc(Schema):
    """All of them."""

    markets: list[MarketName]


class SupportDoc(Schema):
    """Where people get help."""

    phone: str
    email: str
    hours: str


class DocumentName(Schema):
    """A document to consent to, in the language of the answer or the market's own."""

    key: str
    title: str
    version: str
    language: str


class DocumentDoc(DocumentName):
    """The same with its text."""

    html: str


class FeaturesDoc(Schema):
    """What a market does or does not do."""

    invitations: bool
    usernames: bool


class MarketDoc(Schema):
    """A market: `journeys` holds the ways of each journey, `ways` those of `register`."""

    market: str
    name: str
    insurer: str
    languages: list[str]
    journeys: dict[str, list[str]]
    ways: list[str]
    policy_types: list[ChoiceDoc]
    support: SupportDoc
    documents: list[DocumentName]
    features: FeaturesDoc


class ChallengeDoc(Schema):
    """An ALTCHA challenge: find the number up to `maxnumber` whose digest with `salt` is `challenge`."""

    algorithm: Literal["SHA-256"]
    challenge: str
    salt: str
    signature: str
    maxnumber: int
