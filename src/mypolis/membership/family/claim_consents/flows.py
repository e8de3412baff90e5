"""Asks for a consent to claims, takes the answer, and ends the consent from either side."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import spend_address, spend_all
from mypolis.foundation.lib.crypto.tokens import hash_token, new_written_token
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.foundation.markets.profile import Channel, Text
from mypolis.foundation.notices import flows as notices
from mypolis.foundation.notices.catalogue import Value
from mypolis.membership.accounts.models import Account
from mypolis.membership.consents.documents import Document, document
from mypolis.membership.family.claim_consents.candidates import Candidate, candidate
from mypolis.membership.family.event_kinds import FamilyEvent
from mypolis.membership.family.flows import Refused, mail
from mypolis.membership.family.limits import (
    CLAIM_CONSENT_REQUESTS,
    CLAIM_CONSENT_REQUESTS_TO_ONE,
    UNKNOWN_CONSENT_LINKS,
)
from mypolis.membership.family.models import ClaimConsent

REQUEST_LIFE = timedelta(days=14)
DOUBLE_PRESS = timedelta(minutes=1)  # without JavaScript, nothing prevents a second press of the button


class CannotAsk(Refused):
    """Nobody can send this person a link; `state` says why, as in `Candidate`."""

    messages: dict[str, Text] = {
        "own_account": _("This person has their own account. They can let you make claims there, under Family."),
        "under_age": _("This person is not of legal age. Please call us: we will find a way together."),
        "no_contact": _(
            "We have no email or mobile number of this person’s own on file. Please call us: we can add one, and then "
            "you can ask them."
        ),
    }

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state
        self.message = self.messages[state]


class UnknownConsent(Refused):
    """The consent does not exist, or belongs to others. The caller cannot tell which."""

    message = _("There is no such consent, or it has ended.")


class OtherText(Refused):
    """The text changed after the person opened the page: they must read the new one first."""

    message = _("The text has changed since you opened this page. Please read it again.")


@transaction.atomic
def ask(*, asker: Account, person_key: str, by: Actor) -> ClaimConsent:
    """Send the person a link, to their own contact on file. An open request is replaced; its link stops working.

    An active consent, and a request sent within `DOUBLE_PRESS`, are returned as they are. Raises NotSeen for somebody
    who is no adult on the asker's policies, CannotAsk, LimitReached.
    """
    Account.objects.select_for_update(no_key=True).get(pk=asker.pk)
    found = candidate(asker, person_key)
    now, known = timezone.now(), found.consent
    if known is not None and (known.state_at(now) == "active" or _is_double_press(known, now)):
        return known
    if found.contact is None:
        raise CannotAsk(found.state)
    uses = [(CLAIM_CONSENT_REQUESTS, str(asker.pk)), (CLAIM_CONSENT_REQUESTS_TO_ONE, str(found.person.pk))]
    spend_all(uses, market=asker.market)
    if known is not None and known.declined_at is None:
        _end(known, "newer", now, by=by)
    return _send(asker, found, found.contact, now, by=by)


def find(*, market: str, token: str, by: Actor) -> ClaimConsent:
    """The request or consent behind a link. Raises UnknownConsent, and LimitReached for many unknown links."""
    found = _of_link(market, token).select_related("asker__person", "person").first()
    if found is None:
        spend_address(UNKNOWN_CONSENT_LINKS, by=by, market=market)
        raise UnknownConsent
    return found


@transaction.atomic
def give(*, market: str, token: str, shown: str, language: str, by: Actor) -> ClaimConsent:
    """Agree to the text with the digest `shown`, in this language. Idempotent. Raises UnknownConsent, OtherText."""
    consent, now = _locked(_of_link(market, token)), timezone.now()
    if consent.state_at(now) == "active":
        return consent
    _require(consent, "asked", now)
    text = text_of(market, language)
    if text.digest != shown:
        raise OtherText
    consent.given_at = now
    consent.version, consent.language, consent.digest = text.version, text.language, text.digest
    consent.address, consent.client = by.address or None, by.client[:200]
    consent.save()
    record(FamilyEvent.CONSENT_GIVEN, market=market, by=by, subject=consent, version=text.version)
    _tell_asker(consent, "claim-consent-given", by=by)
    return consent


@transaction.atomic
def decline(*, market: str, token: str, by: Actor) -> ClaimConsent:
    """Decline a request. Idempotent. Raises UnknownConsent."""
    consent, now = _locked(_of_link(market, token)), timezone.now()
    if consent.state_at(now) == "declined":
        return consent
    _require(consent, "asked", now)
    consent.declined_at = now
    consent.save(update_fields=["declined_at"])
    record(FamilyEvent.CONSENT_DECLINED, market=market, by=by, subject=consent)
    _tell_asker(consent, "claim-consent-declined", by=by)
    return consent


@transaction.atomic
def end_by_link(*, market: str, token: str, by: Actor) -> ClaimConsent:
    """The person ends their consent with the link. Idempotent. Raises UnknownConsent."""
    consent, now = _locked(_of_link(market, token)), timezone.now()
    if consent.state_at(now) == "ended":
        return consent
    _require(consent, "active", now)
    _end(consent, "person", now, by=by)
    _tell_asker(consent, "claim-consent-ended", by=by)
    return consent


@transaction.atomic
def end(*, account: Account, consent_id: UUID, by: Actor) -> ClaimConsent:
    """The asker gives a consent up or withdraws a request, or the person, who has an account now, ends it. Idempotent.

    Raises UnknownConsent.
    """
    theirs = Q(asker=account) | Q(person=account.person_id, given_at__isnull=False)
    consent, now = _locked(ClaimConsent.objects.filter(theirs, pk=consent_id)), timezone.now()
    if consent.state_at(now) not in ("ended", "declined"):
        by_asker = consent.asker_id == account.pk
        was_given = consent.given_at is not None
        _end(consent, "asker" if by_asker else "person", now, by=by)
        if was_given and not by_asker:
            _tell_asker(consent, "claim-consent-ended", by=by)
    return consent


def text_of(market: str, language: str) -> Document:
    """The text to agree to. Raises UnknownConsent in a market without one."""
    key = profile_of(market).claim_consent_document
    if key is None:
        raise UnknownConsent
    return document(market, key, language)


def _send(asker: Account, found: Candidate, contact: tuple[Channel, str], now: datetime, *, by: Actor) -> ClaimConsent:
    (channel, to), token, person = contact, new_written_token(), found.person
    consent = ClaimConsent.objects.create(
        market=asker.market,
        asker=asker,
        person=person,
        token_hash=hash_token(token),
        channel=channel,
        asked_at=now,
        expires_at=now + REQUEST_LIFE,
    )
    record(FamilyEvent.CONSENT_ASKED, market=asker.market, by=by, subject=consent, channel=channel)
    notices.send(
        market=asker.market,
        channel=channel,
        to=to,
        template="claim-consent-asked",
        language=person.language or asker.profile.default_language,
        context={
            "asker": asker.person.given_name,
            "days": REQUEST_LIFE.days,
            "url": f"{settings.MYPOLIS.public_url.rstrip('/')}/{asker.market}/claim-consent/{token}",
        },
        by=by,
        useless_after=consent.expires_at,
        whose=notices.row_name(person),
    )
    return consent


def _of_link(market: str, token: str) -> QuerySet[ClaimConsent]:
    return ClaimConsent.objects.filter(market=market, token_hash=hash_token(token))


def _locked(rows: QuerySet[ClaimConsent]) -> ClaimConsent:
    found = rows.select_related("asker__person", "person").select_for_update(of=("self",)).first()
    if found is None:
        raise UnknownConsent
    return found


def _require(consent: ClaimConsent, state: str, now: datetime) -> None:
    if consent.state_at(now) != state:
        raise UnknownConsent


def _is_double_press(consent: ClaimConsent, now: datetime) -> bool:
    return consent.state_at(now) == "asked" and now - consent.asked_at < DOUBLE_PRESS


def _end(consent: ClaimConsent, ended_by: str, now: datetime, *, by: Actor) -> None:
    consent.ended_at, consent.ended_by = now, ended_by
    consent.save(update_fields=["ended_at", "ended_by"])
    record(FamilyEvent.CONSENT_ENDED, market=consent.market, by=by, subject=consent, ended_by=ended_by)


def _tell_asker(consent: ClaimConsent, template: str, *, by: Actor) -> None:
    context: dict[str, Value] = {
        "person": consent.person.given_name,
        "url": address_of_page(consent.market, "family", "claims") + "/",
    }
    mail(consent.asker, template, context, by=by)
