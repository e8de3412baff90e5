"""How a market gives guarantees for planned treatment."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class AutomaticGuarantee:
    """Requests that a rule grants at once; only people refuse.

    A request qualifies at a provider of the plan's network, for one of `benefits`, up to `most` in the plan's currency.
    """

    most: Decimal
    benefits: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class GuaranteeRules:
    """`valid_days`: how many days after the last planned day of treatment a letter is valid."""

    valid_days: int = 30
    automatic: AutomaticGuarantee | None = None
