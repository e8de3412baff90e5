"""Amounts of money, formatted for each language: 1.250 RSD, Rp 1.250.000, 1 250,50 ₽."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language

CURRENCIES: Final = frozenset({"BAM", "CHF", "EUR", "GBP", "IDR", "MKD", "RSD", "RUB", "SGD", "USD"})  # of plan books
# A market's currency symbol in its own language. All other languages use the unambiguous ISO 4217 code.
_SYMBOLS: Final = {("id", "IDR"): "Rp", ("ru", "RUB"): "₽"}
_SYMBOL_FIRST: Final = frozenset({"id", "en"})
_CENT: Final = Decimal("0.01")
_TOO_MUCH: Final = Decimal(10) ** 15
_NO_BREAK_SPACE: Final = "\u00a0"
_MINUS: Final = "\u2212"  # screen readers read it as "minus", but skip a hyphen


@dataclass(frozen=True, slots=True)
class Money:
    """An amount below 10¹⁵ with at most two decimals, and an ISO 4217 currency code. Raises ValueError otherwise."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        amount = self.amount
        if not amount.is_finite() or abs(amount) >= _TOO_MUCH or amount != amount.quantize(_CENT):
            raise ValueError(f"{amount} is not an amount of money")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError(f"{self.currency!r} is not the code of a currency")


def format_money(money: Money) -> str:
    """Format the amount for the current language, with decimals only if it has any, and without line breaks."""
    language = (get_language() or "en").split("-")[0]
    whole = money.amount == money.amount.to_integral_value()
    number = number_format(abs(money.amount), decimal_pos=0 if whole else 2, force_grouping=True)
    symbol = _SYMBOLS.get((language, money.currency), money.currency)
    parts = (symbol, number) if language in _SYMBOL_FIRST else (number, symbol)
    return (_MINUS if money.amount < 0 else "") + _NO_BREAK_SPACE.join(parts)
