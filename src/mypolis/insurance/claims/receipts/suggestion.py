"""What a receipt's code suggests to the member."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

# intact: the code has a checksum, and it is right. damaged: it is wrong. unchecked: such codes have none.
type Trust = Literal["intact", "damaged", "unchecked"]


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """The day and amount of a receipt, from its code. The member confirms or corrects them.

    A code proves nothing: anybody can print one. It does not name the seller. `number` is the same for the same
    receipt, for finding a bill that was claimed before. `is_proof_of_payment` is false for refunds, proforma
    invoices, copies and training receipts. If `names_buyer`, a company is named as the buyer and may have paid: ask.
    """

    kind: Literal["ru", "rs"]
    day: date
    amount: Decimal
    currency: Literal["RUB", "RSD"]
    number: str
    is_proof_of_payment: bool
    trust: Trust
    names_buyer: bool = False
