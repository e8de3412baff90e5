"""Opens accounts after the person has proven everything, and changes them. Every writer here records its event."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.membership.accounts.contact_points.flows import NewContact, add_contacts
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.models import Account, Username
from mypolis.membership.people.models import Person


class AlreadyRegistered(Exception):
    """The person already has an account."""


@transaction.atomic
def create_account(
    *,
    person: Person,
    password_hash: str,
    language: str,
    contacts: Sequence[NewContact],
    by: Actor,
    username: str | None = None,
) -> Account:
    """Open the account of a person. Raises AlreadyRegistered or ContactTaken; database constraints settle races."""
    account = Account(market=person.market, person=person, password_hash=password_hash, language=language)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise AlreadyRegistered from None
    member = by.as_member(account.pk)
    record(AccountEvent.ACCOUNT_CREATED, market=account.market, by=member, subject=account)
    points = add_contacts(account=account, contacts=contacts, by=member)
    if username is not None:
        names = Username.objects.filter(market=account.market, value=username, account=None)
        if not names.update(account=account):
            raise RuntimeError("the username was not reserved")
    account.know(points, username)
    return account


@transaction.atomic
def choose_language(*, account: Account, language: str, by: Actor) -> None:
    """Set the language, one of the market's, in which the member gets messages."""
    if language == account.language:
        return
    account.language = language
    account.save(update_fields=["language"])
    record(AccountEvent.ACCOUNT_LANGUAGE_CHOSEN, market=account.market, by=by.as_member(account.pk), subject=account)
