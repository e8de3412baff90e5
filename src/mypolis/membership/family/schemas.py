"""Schemas of families and mandates in the API."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import ConfigDict


class SeenDoc(Schema):
    """Somebody whom the member may see. `whose` is their identifier in calls about cover and cards.

    `seen_as` is the member's role: `parent` of a child under age, `holder` of an adult's policy, or `proxy` of a giver.
    `sight` is how much the member sees: `all`, `state` (only whether there is cover, because the child hides the
    rest) or `name`. `state` is null with `name`, and for givers, because opening their cover is recorded.
    """

    whose: str
    name: str
    seen_as: Literal["parent", "holder", "proxy"]
    relation: str
    sight: Literal["all", "state", "name"]
    has_account: bool
    state: Literal["active", "future"] | None
    may: list[Literal["cover", "papers", "card", "card_changes", "claims"]]
    of_age_on: date | None
    mandate: str | None
    until: date | None


class FamilyDoc(Schema):
    """Everybody whom the member may see."""

    people: list[SeenDoc]


class GivenDoc(Schema):
    """A mandate as its giver may see it. Until it is accepted, `name` is what the giver typed."""

    id: str
    name: str
    state: Literal["offered", "unanswered", "standing", "ended"]
    scopes: list[Literal["cover", "claims"]]
    until: date | None
    offered_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None


class HeldDoc(Schema):
    """An offer that waits for the member's answer, or a mandate that the member holds."""

    id: str
    name: str
    scopes: list[Literal["cover", "claims"]]
    until: date | None
    expires_at: datetime | None


class MandatesDoc(Schema):
    """Mandates and offers from the member, and offers that wait for their answer. The family lists those they hold."""

    given: list[GivenDoc]
    offers: list[HeldDoc]


class Offer(Schema):
    """Who may see the member's cover: an e-mail address or mobile number, and a date of birth (YYYY-MM-DD).

    `scopes` with `claims` lets them make claims for the member, too.
    """

    model_config = ConfigDict(extra="forbid")

    contact: str = ""
    birth_date: str = ""
    until: str | None = None
    scopes: list[Literal["cover", "claims"]] = ["cover"]


class Widen(Schema):
    """For what else a proxy shall act."""

    model_config = ConfigDict(extra="forbid")

    scopes: list[Literal["cover", "claims"]]


class ClaimableCoverDoc(Schema):
    """A cover for which the member may claim. `last_day` is null when the cover has no end."""

    membership: str
    policy_number: str
    participant_number: str
    first_day: date
    last_day: date | None


class ClaimableDoc(Schema):
    """Somebody for whom the member may claim: `parent` of a child, `proxy` by a mandate, or by a `consent`."""

    whose: str
    name: str
    role: Literal["self", "parent", "proxy", "consent"]
    mandate: str | None
    consent: str | None
    memberships: list[ClaimableCoverDoc]


class CandidateDoc(Schema):
    """A relative for whom the member can claim only with their consent.

    `state`: `can_ask`, or that of the newest request, or why nobody can be asked: `own_account` (they can give a
    mandate), `under_age`, or `no_contact` (none on file, or only the member's own). `consent` is the newest request.
    """

    whose: str
    name: str
    relation: str
    state: Literal["can_ask", "asked", "unanswered", "declined", "own_account", "under_age", "no_contact"]
    consent: str | None
    expires_at: datetime | None


class ClaimablesDoc(Schema):
    """Everybody for whom the member may claim, the member first, and relatives who must consent before."""

    people: list[ClaimableDoc]
    needs_consent: list[CandidateDoc]


class AskForConsent(Schema):
    """The relative to ask, by the key in `needs_consent`. The link goes to their contact on file."""

    model_config = ConfigDict(extra="forbid")

    whose: str


class ClaimConsentDoc(Schema):
    """A request for consent to claims, or the consent. `expires_at` is the end of the time to answer."""

    id: str
    whose: str
    name: str
    state: Literal["asked", "unanswered", "declined", "active", "ended"]
    channel: Literal["email", "sms"]
    asked_at: datetime
    expires_at: datetime
    given_at: datetime | None
    ended_at: datetime | None


class PrivacyDoc(Schema):
    """Whether the member hides their cover from their parents, and whether they may."""

    is_private: bool
    may_keep_private: bool


class KeepPrivate(Schema):
    """Whether to hide the member's cover from their parents."""

    model_config = ConfigDict(extra="forbid")

    is_private: bool


class ViewingDoc(Schema):
    """Somebody opened the member's cover, card or claims."""

    name: str
    seen_as: Literal["parent", "proxy", "consent"]
    what: Literal["cover", "card", "claims"]
    at: datetime


class StaffViewingDoc(Schema):
    """Somebody of the insurer's staff opened the pages about the member: in which role, never who."""

    role: str
    at: datetime


class SeersDoc(Schema):
    """The parents who may see the member, and the newest 50 viewings, of other members and of staff."""

    parents: list[str]
    privacy: PrivacyDoc
    viewings: list[ViewingDoc]
    staff_viewings: list[StaffViewingDoc]
