"""The cards that a member may access; every query starts from the account."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.lib.text.transliteration import to_latin
from mypolis.foundation.markets.profile import Profile, Text
from mypolis.insurance.ecard.models import Card
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership

type State = Literal["to_activate", "active", "future", "ended"]

_NEW = timedelta(days=1)
_ORDER: tuple[State, ...] = ("active", "to_activate", "future", "ended")


class UnknownCard(Exception):
    """The card does not exist or belongs to somebody else; the caller cannot tell which."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A cover with its card, as a member sees it. `card` is the latest one, even if the cover has ended."""

    membership: Membership
    card: Card | None
    state: State
    viewer: Account

    @property
    def profile(self) -> Profile:
        """The market's profile."""
        return self.viewer.profile

    @property
    def id(self) -> str:
        """The id in pages and the API; it stays the same before activation and after a replacement."""
        return str(self.membership.pk)

    @property
    def name(self) -> str:
        """The full name from the insurer, in the order that is usual in its script."""
        return self.membership.person.display_name

    @property
    def name_latin(self) -> str:
        """The name in Latin letters if it is written in another script; otherwise empty."""
        latin = to_latin(self.name, script=self.profile.name_script)
        return "" if latin == self.name else latin

    @property
    def is_new_in_place_of_another(self) -> bool:
        """Whether the card replaced another one within the last day."""
        card = self.card
        return card is not None and card.serial > 1 and timezone.now() - card.issued_at < _NEW

    @property
    def type_label(self) -> Text:
        """The policy type in words."""
        labels = {kind.key: kind.label for kind in self.profile.policy_types}
        return labels.get(self.membership.policy.type, self.membership.policy.type)

    @property
    def valid_from(self) -> date:
        """The first day covered."""
        return self.membership.first_day

    @property
    def valid_until(self) -> date | None:
        """The last day covered; None if there is no end date."""
        return self.membership.last_day


def cards_of(account: Account, seen: QuerySet[Membership] | None = None) -> list[Held]:
    """A card for every cover; cards that can be shown at a counter come first. Two queries for any number of cards.

    `seen`, here and below: another person's memberships that this member may access (`family.access.covers_seen`).
    """
    held = [_held(row, account) for row in _memberships(account, seen).order_by("-start", "pk")]
    return sorted(held, key=lambda one: _ORDER.index(one.state))


def card_of(account: Account, card_id: str, seen: QuerySet[Membership] | None = None, *, locked: bool = False) -> Held:
    """One card; `locked` locks it until the transaction ends, for a change. Raises UnknownCard."""
    rows = _memberships(account, seen).filter(pk=row_number(card_id))
    membership = (rows.select_for_update(of=("self",), no_key=True) if locked else rows).first()
    if membership is None:
        raise UnknownCard
    return _held(membership, account)


def initials(membership: Membership) -> str:
    """ "A. S.": enough to notice that a card is another person's, too little to reveal a name."""
    person = membership.person
    return " ".join(f"{part[0].upper()}." for part in (person.given_name, person.surname) if part)


def _memberships(account: Account, seen: QuerySet[Membership] | None) -> QuerySet[Membership]:
    active = Prefetch("cards", queryset=Card.objects.filter(revoked_at=None), to_attr="active_cards")
    own = account.person.memberships.all()
    return (own if seen is None else seen).select_related("policy__employer", "person").prefetch_related(active)


def _held(membership: Membership, viewer: Account) -> Held:
    active: list[Card] = membership.active_cards  # type: ignore[attr-defined]
    card = active[0] if active else None
    status = membership.status_on(viewer.profile.today())
    state: State = "to_activate" if status == "active" and card is None else status
    return Held(membership=membership, card=card, state=state, viewer=viewer)
