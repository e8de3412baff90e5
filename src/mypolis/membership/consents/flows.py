"""Writes the record of consents; nothing else may write it."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.membership.accounts.models import Account
from mypolis.membership.consents.documents import document
from mypolis.membership.consents.event_kinds import ConsentEvent
from mypolis.membership.consents.models import Consent


@transaction.atomic
def give(*, account: Account, document_key: str, language: str, by: Actor) -> Consent:
    """Record that the member agreed to the current text, in the language in which it was shown."""
    return _write(account, document_key, language, by, given=True)


@transaction.atomic
def withdraw(*, account: Account, document_key: str, language: str, by: Actor) -> Consent:
    """Record that the member withdrew a consent."""
    return _write(account, document_key, language, by, given=False)


def is_active(account: Account, document_key: str) -> bool:
    """Whether a consent is active: the newest row about the document gives consent."""
    newest = account.consents.filter(document=document_key).order_by("-id").first()
    return newest is not None and newest.given


def _write(account: Account, key: str, language: str, by: Actor, *, given: bool) -> Consent:
    text = document(account.market, key, language)
    consent = Consent.objects.create(
        account=account,
        document=key,
        version=text.version,
        language=text.language,
        digest=text.digest,
        given=given,
        address=by.address or None,
        client=by.client[:200],
    )
    kind = ConsentEvent.CONSENT_GIVEN if given else ConsentEvent.CONSENT_WITHDRAWN
    record(kind, market=account.market, by=by, subject=account, document=key, version=text.version)
    return consent
