"""The shape of a market's profile. Nothing in the code asks which country this is: it asks these fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from django.utils import timezone

from mypolis.foundation.lib.text.folding import Script
from mypolis.foundation.markets.emergency import EmergencyLine

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Text = str | _StrPromise
type ContactKind = Literal["email", "mobile"]
type Channel = Literal["email", "sms"]


@dataclass(frozen=True, kw_only=True)
class PolicyType:
    """A kind of policy that this market sells; `key` stands in rosters and in the API.

    `about` tells on the market's first page whose it is and what registering with it asks for.
    """

    key: str
    label: Text
    about: Text = ""


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """How members of a market sign in: the name they type, and when a code to which contact point follows.

    With `apps` a member may have an authenticator app, whose code does in place of one that is sent.
    """

    name: Literal["email", "username", "mobile"]
    code_by: Channel
    code_when: Literal["always", "new-device"]
    apps: bool = False


@dataclass(frozen=True, kw_only=True)
class RosterRules:
    """What a list of insured people must say, in the contract's column names.

    `required_for` adds to `required` by the policy's type. Without a kind of `national_id` that column is not
    kept.
    """

    required: frozenset[str] = frozenset({"policy_number", "given_name", "birth_date"})
    required_for: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    national_id: Literal["jmbg"] | None = None


@dataclass(frozen=True, kw_only=True)
class FamilyRules:
    """Ages in whole years: of age, and from when a young person may keep their cover from their parents.

    `notice` is how long before a child comes of age the family is told.
    """

    of_age: int = 18
    private_from: int = 16
    notice: timedelta = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Everything that a market decides for itself. Times are durations, languages are Django's codes.

    `languages[0]` is the market's own. `exclusive_contacts` are the contact points that, once confirmed, belong
    to one account only. `journeys` are dotted names of modules that hold a tuple `JOURNEYS`. `captcha` says when the
    forms that have one ask it: by risk, only of addresses from which much is tried; `captcha_by` whether their pages
    ask Google's reCAPTCHA first. `card_document` is the legal text to accept before a card is activated; None where
    there is none. `emergency_lines` are the country's own numbers; a deployer confirms them, and may name others in
    `brand.toml`.
    """

    code: str
    name: Text
    region: str
    languages: tuple[str, ...]
    time_zone: str
    name_script: Script
    policy_types: tuple[PolicyType, ...]
    signin: SignIn
    journeys: tuple[str, ...]
    exclusive_contacts: frozenset[ContactKind]
    documents: tuple[str, ...]
    card_document: str | None = None
    emergency_lines: tuple[EmergencyLine, ...] = ()
    roster: RosterRules = RosterRules()
    family: FamilyRules = FamilyRules()
    sends_invitations: bool = False
    uses_usernames: bool = False
    marks_required: bool = False
    captcha: Literal["always", "by-risk", "never"] = "always"
    captcha_by: Literal["own", "recaptcha"] = "own"
    password_min_length: int = 12
    code_life: timedelta = timedelta(minutes=5)
    invitation_life: timedelta = timedelta(days=14)
    temporary_password_life: timedelta = timedelta(minutes=15)
    old_username_life: timedelta = timedelta(days=90)
    journey_life: timedelta = timedelta(hours=1)
    session_idle: timedelta = timedelta(minutes=30)
    session_absolute: timedelta = timedelta(hours=12)

    @property
    def default_language(self) -> str:
        """The language of messages to people who never chose one."""
        return self.languages[0]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every legal text of the market, those of registration first."""
        return (*self.documents, self.card_document) if self.card_document else self.documents

    @property
    def zone(self) -> ZoneInfo:
        """The market's time zone: times are UTC inside, local outside."""
        return ZoneInfo(self.time_zone)

    def today(self) -> date:
        """The calendar day in this market now: cover begins and ends with it."""
        return timezone.localdate(timezone=self.zone)
