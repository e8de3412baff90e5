"""Where members return to after they added a bank account for a draft."""

from contextlib import suppress
from uuid import UUID

from mypolis.foundation.events import Actor
from mypolis.insurance.bank_accounts.access import UnknownBankAccount
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.bank_accounts.returning import Return
from mypolis.insurance.claims.access import UnknownClaim
from mypolis.insurance.claims.drafts.flows import choose_account
from mypolis.insurance.claims.lifecycle.states import NotAllowed
from mypolis.membership.accounts.models import Account


def pay_draft_to(*, account: Account, key: UUID, added: BankAccount, by: Actor) -> None:
    """Choose the new account in the draft. A draft that is gone or sent, or paid to somebody else, is left alone."""
    with suppress(UnknownClaim, NotAllowed, UnknownBankAccount):
        choose_account(account=account, claim=key, bank_account=added.pk, by=by)


TO_REVIEW = Return("draft", "claim-review", pay_draft_to)
