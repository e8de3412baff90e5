"""Where members return to after they added a bank account."""

from mypolis.insurance.bank_accounts.returning import Return

TO_REVIEW = Return("draft", "claim-review")
