"""The sample people as the inbox and tests read them: what is on file, and each one's current state."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import pgettext_lazy

from mypolis.demo.models import InboxMessage, SamplePerson
from mypolis.foundation.markets import Profile, market, market_codes
from mypolis.foundation.markets.profile import Text
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership, Person
from mypolis.membership.roster.models import Invitation

STATES: dict[str, Text] = {
    "new": pgettext_lazy("sample person", "new"),
    "invited": pgettext_lazy("sample person", "invited"),
    "registered": pgettext_lazy("sample person", "registered"),
    "future": pgettext_lazy("sample person", "not yet insured"),
    "terminated": pgettext_lazy("sample person", "no longer insured"),
}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One sample person now. The contract defines the field names; a missing value is an empty text."""

    market: str
    state: str
    label: str
    policy_type: str
    policy_number: str
    participant_number: str
    national_id: str
    surname: str
    given_name: str
    patronymic: str
    birth_date: str
    mobile: str
    email: str
    username: str
    password: str
    invitation_url: str

    @property
    def state_label(self) -> Text:
        """The state in words."""
        return STATES[self.state]

    @property
    def badge(self) -> str:
        """The colour of the state."""
        return {"new": "info", "invited": "info", "registered": "good", "future": "warn"}.get(self.state, "")


def sample_people(market_code: str = "") -> list[Sample]:
    """Sample people of one market or of all, ordinary ones first. The number of queries is constant."""
    codes = market_codes() if not market_code else (market_code,)
    return [sample for code in codes if code in market_codes() for sample in _of_market(market(code))]


def _of_market(profile: Profile) -> list[Sample]:
    people = list(
        SamplePerson.objects.filter(market=profile.code)
        .select_related("person__account")
        .prefetch_related("person__memberships__policy", "person__account__usernames", "person__invitations")
    )
    links = _invitation_links(profile.code, [one.person.email for one in people])
    return [_sample(one, profile.today(), links) for one in people]


def _sample(one: SamplePerson, today: date, links: dict[str, str]) -> Sample:
    person = one.person
    account: Account | None = getattr(person, "account", None)
    membership = _most_telling(person, today)
    state = _state(person, account, membership, today)
    return Sample(
        market=one.market,
        state=state,
        label=one.label,
        policy_type=membership.policy.type,
        policy_number=membership.policy.number,
        participant_number=membership.participant_number,
        national_id=person.national_id or "",
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        birth_date=person.birth_date.isoformat(),
        mobile=person.mobile,
        email=person.email,
        username=_username(account),
        password=one.password if account else "",
        invitation_url=links.get(person.email.lower(), "") if state == "invited" else "",
    )


def _most_telling(person: Person, today: date) -> Membership:
    """The membership in force; else the future one; else an ended one. If there are several, the earliest on file."""
    order = ("active", "future", "ended")
    return min(person.memberships.all(), key=lambda one: (order.index(one.status_on(today)), one.pk))


def _state(person: Person, account: Account | None, membership: Membership, today: date) -> str:
    if account is not None:
        return "registered"
    status = membership.status_on(today)
    if status != "active":
        return "future" if status == "future" else "terminated"
    return "invited" if any(_is_open(invitation, person) for invitation in person.invitations.all()) else "new"


def _is_open(invitation: Invitation, person: Person) -> bool:
    return (
        invitation.used_at is None
        and invitation.voided_at is None
        and invitation.expires_at > timezone.now()
        and invitation.email_key == person.email_key
    )


def _username(account: Account | None) -> str:
    usernames = list(account.usernames.all()) if account else []
    return usernames[0].value if usernames else ""


def _invitation_links(market_code: str, addresses: list[str]) -> dict[str, str]:
    """The newest invitation link by lower-case address. Only the mail contains it; elsewhere only a hash is stored."""
    mails = InboxMessage.objects.filter(market=market_code, channel="email", to__in=addresses).order_by("id")
    return {
        to.lower(): link
        for to, links in mails.values_list("to", "links")
        for link in links
        if f"/{market_code}/i/" in link
    }
