"""Adults on a member's policies whose consent the member may ask for, and how the link reaches them."""

from dataclasses import dataclass
from typing import Literal

from django.utils import timezone

from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.markets.profile import Channel, Text
from mypolis.membership.accounts.models import Account, contact_key
from mypolis.membership.family.access import NotSeen, Seen, dependants_for_claims
from mypolis.membership.family.models import ClaimConsent
from mypolis.membership.family.relations.relation_names import RELATIONS
from mypolis.membership.family.relations.rules import is_of_age
from mypolis.membership.people.models import Person
from mypolis.membership.roster.models import BouncedAddress

type CandidateState = Literal[
    "can_ask", "asked", "unanswered", "declined", "active", "own_account", "under_age", "no_contact"
]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A relative for whom the member cannot claim without consent. They can be asked if there is a `contact`.

    `state` is that of the newest request (`asked`, `unanswered`, `declined`, `active`), `can_ask` if there is none, or
    the reason why nobody can be asked: `own_account`, `under_age`, `no_contact`. `consent` is the newest request that
    has not ended. `contact` is a channel and an address, and only for sending.
    """

    person: Person
    relation: str
    state: CandidateState
    contact: tuple[Channel, str] | None = None
    consent: ClaimConsent | None = None

    @property
    def key(self) -> str:
        """The identifier of the person in pages and the API."""
        return str(self.person.pk)

    @property
    def relation_label(self) -> Text:
        """The relation in words."""
        return RELATIONS.get(self.relation, "")


def candidates(account: Account) -> list[Candidate]:
    """The relatives on the member's policies whose consent is needed, with the state of each. Empty in some markets.

    Those who gave a consent are included. The number of queries does not depend on that of relatives.
    """
    return _candidates(account, None)


def candidate(account: Account, person_key: str) -> Candidate:
    """One of the relatives that `candidates` lists. Raises NotSeen."""
    found = _candidates(account, row_number(person_key))
    if not found:
        raise NotSeen
    return found[0]


def consents_of(account: Account) -> list[ClaimConsent]:
    """Active consents that the member gave before they had an account, newest first, with the members who asked."""
    rows = ClaimConsent.objects.active().filter(person=account.person_id)
    return list(rows.select_related("asker__person").order_by("-given_at"))


def _candidates(account: Account, person: int | None) -> list[Candidate]:
    if account.profile.claim_consent_document is None:
        return []
    adults = [seen for seen, _rows in dependants_for_claims(account, person) if seen.sight == "name"]
    rows = account.claim_consents_asked.filter(person__in=[seen.person.pk for seen in adults], ended_at=None)
    newest = {row.person_id: row for row in rows.order_by("asked_at", "pk")}
    addresses = [seen.person.email_key for seen in adults if seen.person.email_key]
    bounced = BouncedAddress.objects.filter(market=account.market, email_key__in=addresses)
    dead = set(bounced.values_list("email_key", flat=True))
    own = _own_contacts(account)
    return [_candidate(account, seen, newest.get(seen.person.pk), own | dead) for seen in adults]


def _candidate(account: Account, seen: Seen, consent: ClaimConsent | None, useless: set[str]) -> Candidate:
    state: CandidateState
    contact, profile = None, account.profile
    known = consent.state_at(timezone.now()) if consent is not None else None
    if known == "active":
        state = "active"
    elif seen.has_account:
        state = "own_account"
    elif not is_of_age(seen.person.birth_date, profile.today(), profile.family):
        state = "under_age"
    elif (contact := _contact_of(seen.person, useless)) is None:
        state = "no_contact"
    else:
        state = known if known in ("asked", "unanswered", "declined") else "can_ask"
    return Candidate(person=seen.person, relation=seen.relation, state=state, contact=contact, consent=consent)


def _own_contacts(account: Account) -> set[str]:
    """The keys of the member's own contacts: a link that goes there would let the member answer it."""
    person = account.person
    own = {point.key for point in account.contact_points.all()} | {person.mobile}
    return own | ({contact_key("email", person.email)} if person.email else set())


def _contact_of(person: Person, useless: set[str]) -> tuple[Channel, str] | None:
    """The person's e-mail address on file, else their mobile; None if there is none that is theirs and works."""
    if person.email and not {contact_key("email", person.email), person.email_key} & useless:
        return "email", person.email
    if person.mobile and person.mobile not in useless:
        return "sms", person.mobile
    return None
