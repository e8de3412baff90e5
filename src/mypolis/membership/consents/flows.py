"""Writes the record of consents; nothing else may write it."""

from collections.abc import Mapping

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.membership.accounts.models import Account
from mypolis.membership.consents.documents import document
from mypolis.membership.consents.event_kinds import ConsentEvent
from mypolis.membership.consents.models import Consent


@transaction.atomic(savepoint=False)
def give_all(*, account: Account, shown: Mapping[str, str], by: Actor) -> None:
    """Record with one statement that the member agreed to these documents, each in the language it was shown in."""
    given = [_consent(account, key, language, by, given=True) for key, language in shown.items()]
    for consent in Consent.objects.bulk_create(given):
        _record(account, consent, by)


@transaction.atomic(savepoint=False)
def give(*, account: Account, document_key: str, language: str, by: Actor) -> Consent:
    """Record that the member agreed to the current text, in the language in which it was shown."""
    return _write(account, document_key, language, by, given=True)


@transaction.atomic(savepoint=False)
def withdraw(*, account: Account, document_key: str, language: str, by: Actor) -> Consent:
    """Record that the member withdrew a consent."""
    return _write(account, document_key, language, by, given=False)


def is_active(account: Account, document_key: str) -> bool:
    """Whether a consent is active: the newest row about the document gives consent."""
    newest = account.consents.filter(document=document_key).order_by("-id").first()
    return newest is not None and newest.given


def _write(account: Account, key: str, language: str, by: Actor, *, given: bool) -> Consent:
    consent = _consent(account, key, language, by, given=given)
    consent.save(force_insert=True)
    _record(account, consent, by)
    return consent


def _consent(account: Account, key: str, language: str, by: Actor, *, given: bool) -> Consent:
    text = document(account.market, key, language)
    return Consent(
        account=account,
        document=key,
        version=text.version,
        language=text.language,
        digest=text.digest,
        given=given,
        address=by.address or None,
        client=by.client[:200],
    )


def _record(account: Account, consent: Consent, by: Actor) -> None:
    kind = ConsentEvent.CONSENT_GIVEN if consent.given else ConsentEvent.CONSENT_WITHDRAWN
    record(kind, market=account.market, by=by, subject=account, document=consent.document, version=consent.version)
