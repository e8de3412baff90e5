"""Where a member goes on after they added a bank account for a payment that came back."""

from mypolis.insurance.bank_accounts.returning import Return

TO_CLAIM = Return(name="claim-payment", route="claim-account")
