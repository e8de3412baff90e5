"""Activates a card, makes its codes, and replaces it."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.insurance.ecard.cards import Held, card_of
from mypolis.insurance.ecard.counter.card_codes import Use, make_code
from mypolis.insurance.ecard.counter.proxy_codes import signer_for
from mypolis.insurance.ecard.event_kinds import CardEvent
from mypolis.insurance.ecard.limits import CARD_REISSUES
from mypolis.insurance.ecard.models import Card
from mypolis.insurance.ecard.numbers import insert_numbered, new_card_number
from mypolis.membership.accounts.messages import notify
from mypolis.membership.accounts.models import Account
from mypolis.membership.consents.flows import give
from mypolis.membership.people.models import Membership


class NotInForce(Exception):
    """The cover has ended or has not begun, so there is no card to show."""


class NotActivated(Exception):
    """The card has not been activated yet."""


class TermsNotAccepted(Exception):
    """The market has terms for its cards, and the member did not accept them."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A code to show at a counter; `url` is the content of its QR code."""

    code: str
    url: str
    use: Use
    made_at: datetime
    expires_at: datetime


@transaction.atomic
def activate(
    *,
    account: Account,
    card_id: str,
    accepted: bool,
    language: str,
    by: Actor,
    seen: QuerySet[Membership] | None = None,
) -> Held:
    """Issue the first card of a cover. If a card is already active, it is returned unchanged.

    `seen`: the memberships of somebody for whom the member acts; the member then accepts the terms.

    Raises UnknownCard, NotInForce, TermsNotAccepted.
    """
    held = card_of(account, card_id, seen, locked=True)
    if held.state == "active":
        return held
    if held.state != "to_activate":
        raise NotInForce
    terms = account.profile.card_document
    if terms and not accepted:
        raise TermsNotAccepted
    if terms:
        give(account=account, document_key=terms, language=language, by=by)
    card = _issue(held.membership, account.market, serial=1)
    record(CardEvent.CARD_ACTIVATED, market=account.market, by=by, subject=card, membership=held.membership.pk)
    return replace(held, card=card, state="active")


@transaction.atomic
def reissue(
    *, account: Account, card_id: str, by: Actor, seen: QuerySet[Membership] | None = None, lost: int | None = None
) -> Held:
    """Revoke a lost card and issue one with a new number. All codes of the old card stop working at once.

    The account that did it gets a message, and so does a child with an account whose card it is, so that no replacement
    goes unnoticed. `lost` is the serial of the lost card: if another card is active by now, that one stays, so a second
    request changes nothing.

    Raises UnknownCard, NotInForce, NotActivated, LimitReached.
    """
    held = card_of(account, card_id, seen, locked=True)
    old = active_card(held)
    if lost not in (None, old.serial):
        return held
    spend(CARD_REISSUES, str(held.membership.pk), market=account.market)
    old.revoked_at = timezone.now()
    old.save(update_fields=["revoked_at"])
    card = _issue(held.membership, account.market, serial=old.serial + 1)
    record(CardEvent.CARD_REISSUED, market=account.market, by=by, subject=card, revoked=str(old.pk), serial=card.serial)
    owners = Account.objects.filter(person=held.membership.person_id).exclude(pk=account.pk)
    for recipient in (account, *owners):
        notify(recipient, "card-reissued", {"card_url": address_of_page(account.market, "card")}, by=by)
    return replace(held, card=card)


def show(held: Held, *, use: Use) -> Shown:
    """A new code of a card that is valid now. Writes nothing. Raises NotInForce, NotActivated.

    A code shown to a proxy expires with the mandate at the latest.
    """
    card, now = active_card(held), timezone.now().replace(microsecond=0)
    card.membership = held.membership
    signer = signer_for(card, held.viewer)
    code = make_code(card.pk, signer.secret, market=card.market, use=use, made_at=now)
    return Shown(
        code=code,
        url=address_of_page(card.market, "v", code),
        use=use,
        made_at=now,
        expires_at=signer.ends_at(use, now),
    )


def active_card(held: Held) -> Card:
    """The active card. Raises NotInForce, NotActivated."""
    if held.state == "to_activate":
        raise NotActivated
    if held.state != "active":
        raise NotInForce
    return cast("Card", held.card)


def _issue(membership: Membership, market: str, *, serial: int) -> Card:
    """Create a new card."""
    card = Card(market=market, membership=membership, serial=serial, secret=secrets.token_bytes(32))
    insert_numbered(card, new_card_number)
    return card
