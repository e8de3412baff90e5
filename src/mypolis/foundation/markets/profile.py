"""The fields of a market's profile. Code never checks which country this is; it checks these fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from django.utils import timezone

from mypolis.foundation.lib.text.folding import Script
from mypolis.foundation.markets.claim_rules import ClaimRules
from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.markets.guarantee_rules import GuaranteeRules

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Text = str | _StrPromise
type ContactKind = Literal["email", "mobile"]
type Channel = Literal["email", "sms"]


@dataclass(frozen=True, kw_only=True)
class PolicyType:
    """A type of policy that this market sells. `key` is used in rosters and in the API.

    `about` is shown on the market's first page: who has such a policy, and what they need to register.
    """

    key: str
    label: Text
    about: Text = ""


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """How members sign in: which name they type, how the one-time code is sent, and when it is required.

    With `apps` a member may use the code of an authenticator app instead of one that is sent.
    """

    name: Literal["email", "username", "mobile"]
    code_by: Channel
    code_when: Literal["always", "new-device"]
    apps: bool = False


@dataclass(frozen=True, kw_only=True)
class RosterRules:
    """The required columns of a list of insured people, in the contract's column names.

    `required_for` adds columns for a type of policy. If `national_id` is None, that column is not stored.
    """

    required: frozenset[str] = frozenset({"policy_number", "given_name", "birth_date"})
    required_for: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    national_id: Literal["jmbg"] | None = None


@dataclass(frozen=True, kw_only=True)
class FamilyRules:
    """Ages in whole years. `of_age`: a child is an adult. `private_from`: a child may hide their cover from parents.

    `notice` is how long before a child comes of age the family is notified.
    """

    of_age: int = 18
    private_from: int = 16
    notice: timedelta = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Everything that differs between markets. Periods are timedeltas; languages are Django's codes.

    `languages[0]` is the market's main language. `exclusive_contacts` are the contact points that belong to only one
    account after they are confirmed. `journeys` are dotted names of modules with a tuple `JOURNEYS`. `captcha` says
    when forms show their captcha; "by-risk" means only to networks with many attempts. `captcha_by` says whether pages
    use Google's reCAPTCHA first. `card_document` is the legal text to accept before a card is activated, if any;
    `claim_consent_document` the one with which an adult without an account lets a relative make claims for them, by a
    link; without it the market has no such links.
    `emergency_lines` are the country's numbers; a deployer confirms them and may replace them in `brand.toml`.
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
    claim_consent_document: str | None = None
    emergency_lines: tuple[EmergencyLine, ...] = ()
    roster: RosterRules = RosterRules()
    family: FamilyRules = FamilyRules()
    claims: ClaimRules = field(default_factory=ClaimRules)
    guarantees: GuaranteeRules = field(default_factory=GuaranteeRules)
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
        """The language of messages to people who have not chosen one."""
        return self.languages[0]

    @property
    def texts(self) -> tuple[str, ...]:
        """The keys of all legal texts of the market; those for registration come first."""
        others = (self.card_document, self.claim_consent_document)
        return (*self.documents, *(key for key in others if key is not None))

    @property
    def zone(self) -> ZoneInfo:
        """The market's time zone. We store times in UTC and show them in this zone."""
        return ZoneInfo(self.time_zone)

    def today(self) -> date:
        """Today's date in the market's time zone. Cover begins and ends by this date."""
        return timezone.localdate(timezone=self.zone)
