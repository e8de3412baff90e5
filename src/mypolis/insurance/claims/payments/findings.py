"""What `mypolis check` finds wrong with a market's bank profile."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from mypolis.foundation.lib.money import Money
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.bank_profile import BankProfile
from mypolis.insurance.claims.payments.bank_file import BankPayment, PaymentFile, render

_SAMPLE = PaymentFile(
    run="P-2026-000001",
    day=date(2026, 1, 1),
    payments=(
        BankPayment(
            reference="C-2026-000001-1-1",
            money=Money(Decimal("1.00"), "EUR"),
            name="A",
            kind="iban",
            bank="",
            number="DE75512108001245126199",
            text="C-2026-000001",
        ),
    ),
)


def findings(profiles: Iterable[Profile]) -> Sequence[str]:
    """One line for each market whose payment files could not be written: there is no such writer, or it refuses."""
    found = []
    for profile in profiles:
        problem = _problem(profile.claims.bank) if profile.claims.bank is not None else ""
        if problem:
            found.append(f"{profile.code}: claims.bank: {problem}")
    return found


def _problem(bank: BankProfile) -> str:
    try:
        render(bank, _SAMPLE)
    except ImportError:
        return f"there is no function {bank.writer}"
    except ValueError as error:
        return str(error)
    return ""
