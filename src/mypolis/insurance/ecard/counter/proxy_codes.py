"""Codes that a proxy shows or prints: signed for one mandate, and invalid as soon as it ends."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.ecard.counter.card_codes import LIVES, Code, Use
from mypolis.insurance.ecard.models import Card
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.models import Mandate

LONGEST = timedelta(days=30)  # for a proxy, any use; printed codes of members live longer


@dataclass(frozen=True, kw_only=True)
class Signer:
    """The secret that signs a viewer's codes; `mandate` is None for the card's member and for parents."""

    secret: bytes
    mandate: Mandate | None = None

    def ends_at(self, use: Use, made_at: datetime) -> datetime:
        """When a code made at that time expires, as far as is known now."""
        end = made_at + LIVES[use]
        if self.mandate is None:
            return end
        return min(end, made_at + LONGEST, *_last_moment(self.mandate))

    def is_over_at(self, now: datetime, code: Code) -> bool:
        """Whether this signer's code has expired, or its mandate has ended."""
        if self.mandate is None:
            return False
        today = profile_of(self.mandate.market).today()
        return self.mandate.state_at(now, today) != "standing" or now >= self.ends_at(code.use, code.made_at)


def signer_for(card: Card, viewer: Account) -> Signer:
    """The signer for a viewer's codes. Queries the database only for another person's card."""
    person = card.membership.person_id
    if viewer.person_id == person:
        return Signer(secret=bytes(card.secret))
    active = Mandate.objects.active_on(viewer.profile.today())
    mandate = active.filter(proxy=viewer, giver__person=person).first()
    return _signer(card, mandate)


def signer_of(code: Code, card: Card) -> Signer | None:
    """The signer of a code; None if nobody signed it."""
    own = Signer(secret=bytes(card.secret))
    if code.is_genuine(own.secret, market=card.market):
        return own
    given = Mandate.objects.filter(giver__person=card.membership.person_id, accepted_at__isnull=False)
    signers = (_signer(card, mandate) for mandate in given.order_by("-accepted_at"))
    return next((signer for signer in signers if code.is_genuine(signer.secret, market=card.market)), None)


def _signer(card: Card, mandate: Mandate | None) -> Signer:
    """The card's own secret, or one derived from it for a mandate."""
    secret = bytes(card.secret)
    if mandate is None:
        return Signer(secret=secret)
    return Signer(secret=hmac.digest(secret, b"mandate " + mandate.pk.bytes, hashlib.sha256), mandate=mandate)


def _last_moment(mandate: Mandate) -> list[datetime]:
    """The end of a mandate's last day in its market; empty if the mandate has no last day."""
    if mandate.until is None:
        return []
    zone = profile_of(mandate.market).zone
    return [datetime.combine(mandate.until + timedelta(days=1), time.min, tzinfo=zone)]
