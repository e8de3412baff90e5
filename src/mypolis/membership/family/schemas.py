"""The shapes of families and mandates in JSON."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import ConfigDict


class SeenDoc(Schema):
    """Somebody whom the member may see. `whose` names them to the calls about cover and cards.

    `seen_as`: `parent` of a child under age, `holder` of the policy on which an adult stands, `proxy` of a giver.
    `sight`: `all`, `state` (only whether there is cover: it is kept private) or `name`. `state` is null where even
    that is not told, and for givers, whose cover is opened and noted.
    """

    whose: str
    name: str
    seen_as: Literal["parent", "holder", "proxy"]
    relation: str
    sight: Literal["all", "state", "name"]
    has_account: bool
    state: Literal["active", "future"] | None
    may: list[Literal["cover", "papers", "card", "card_changes"]]
    of_age_on: date | None
    mandate: str | None
    until: date | None


class FamilyDoc(Schema):
    """Everybody whom the member may see."""

    people: list[SeenDoc]


class GivenDoc(Schema):
    """A mandate as its giver may know it: before it is accepted, `name` is what was typed."""

    id: str
    name: str
    state: Literal["offered", "unanswered", "standing", "ended"]
    until: date | None
    offered_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None


class HeldDoc(Schema):
    """An offer that waits for the member's answer, or a mandate that the member holds."""

    id: str
    name: str
    until: date | None
    expires_at: datetime | None


class MandatesDoc(Schema):
    """What the member gave, and what waits for their answer. Those they hold stand in the family."""

    given: list[GivenDoc]
    offers: list[HeldDoc]


class Offer(Schema):
    """Whom to let see one's cover: an e-mail address or a mobile number, and a date of birth (YYYY-MM-DD)."""

    model_config = ConfigDict(extra="forbid")

    contact: str = ""
    birth_date: str = ""
    until: str | None = None


class PrivacyDoc(Schema):
    """Whether the member keeps their cover from their parents, and whether they may."""

    is_private: bool
    may_keep_private: bool


class KeepPrivate(Schema):
    """What the member wants."""

    model_config = ConfigDict(extra="forbid")

    is_private: bool


class ViewingDoc(Schema):
    """Somebody opened the member's cover or card."""

    name: str
    seen_as: Literal["parent", "proxy"]
    what: Literal["cover", "card"]
    at: datetime


class SeersDoc(Schema):
    """Who may see the member, and who did: the newest 50."""

    parents: list[str]
    privacy: PrivacyDoc
    viewings: list[ViewingDoc]
