"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class BankAccountEvent(Kind):
    """What happens to members' bank accounts."""

    BANK_ACCOUNT_ADDED = kind("bank_account.added", by="member system", about="bank_accounts.bankaccount")
    BANK_ACCOUNT_CHOSEN = kind("bank_account.chosen", by="member system", about="bank_accounts.bankaccount")
    BANK_ACCOUNT_REMOVED = kind("bank_account.removed", by="member system", about="bank_accounts.bankaccount")
    BANK_ACCOUNTS_FORGOTTEN = kind("bank_account.forgotten", by="system", of_no_market=True, by_worker=True)
