"""A forgotten username, sent to the member's e-mail address."""

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.messages import mail_quietly, may_recover
from mypolis.membership.accounts.models import Account, Username, key_of


@transaction.atomic
def send_username(*, account: Account | None, market: str, language: str, by: Actor) -> None:
    """Mail the username to the account's address. Without an account, or over the limit, does the same for nobody."""
    if not may_recover(account, "username", device=None, market=market, by=by):
        account = None
    record(AccountEvent.ACCOUNT_USERNAME_SENT, market=market, by=by, subject=account)
    newest = Username.objects.filter(account=key_of(account)).values_list("value", flat=True).first()
    context = {"username": newest or ""}
    mail_quietly(account, "username", context, market=market, language=language, by=by)
