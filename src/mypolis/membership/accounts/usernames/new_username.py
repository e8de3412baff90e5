"""Gives a member a new username and mails it. The old ones stay valid for a limited time, the password stays."""

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.foundation.notices import flows as notices
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.models import Account, Username
from mypolis.membership.accounts.usernames.generated_usernames import reserve_username


class NoUsername(Exception):
    """The market has no usernames, or no e-mail address of the member can receive one."""


@transaction.atomic
def issue_username(*, account: Account, by: Actor) -> None:
    """Give one member a new username. Raises NoUsername."""
    locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not locked.profile.uses_usernames or not locked.mailable_address:
        raise NoUsername
    give_username(locked, campaign="", by=by)


def give_username(account: Account, *, campaign: str, by: Actor) -> None:
    """Give a username to an account that is locked and can receive mail, inside the caller's transaction."""
    account.usernames.filter(replaced_at=None).update(replaced_at=timezone.now())
    username = Username.objects.get(market=account.market, value=reserve_username(account.market))
    username.account, username.campaign = account, campaign
    username.save(update_fields=["account", "campaign"])
    record(AccountEvent.ACCOUNT_USERNAME_ISSUED, market=account.market, by=by, subject=account, username=username.pk)
    notices.send(
        market=account.market,
        channel="email",
        to=account.mailable_address,
        template="username-issued",
        language=account.language,
        context={"username": username.value, "signin_url": address_of_page(account.market, "signin")},
        by=by,
        whose=notices.row_name(account),
    )
