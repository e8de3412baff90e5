"""What an assessor types about one line of a claim, and how it changes what the rules propose."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final

from mypolis.insurance.claims.adjudication.reasons import REASONS, REFUSALS, Kind
from mypolis.insurance.claims.models import Line

ZERO: Final = Decimal(0)
CHANGES: Final = tuple(code for code, reason in REASONS.items() if reason.kind == Kind.CUT)
"""Reasons with which an assessor pays another sum than the rules propose."""
NETWORK_OF: Final[Mapping[bool | None, str]] = {None: "", True: "in", False: "out"}
"""What is typed for what a line knows about the plan's network."""


@dataclass(frozen=True, kw_only=True)
class TypedLine:
    """The changes to a line; without any, the rules' proposal is decided.

    `rate` turns the sum of a foreign bill into the plan's currency. `network` is "in" or "out" after the assessor
    looked up whether the provider is in the plan's network, empty if nobody did; None, if nobody was asked, leaves what
    is known. `paid_elsewhere` and `not_medical` are parts
    that are taken off before the rules share the rest. `refusal` is a code with which all of the line is refused.
    `granted` is a sum that the assessor grants instead of what the rules propose, for the reason `reason`; None without
    one. `note` is the assessor's sentence for the member about a refusal.
    """

    rate: Decimal | None = None
    network: str | None = None
    paid_elsewhere: Decimal = ZERO
    not_medical: Decimal = ZERO
    refusal: str = ""
    granted: Decimal | None = None
    reason: str = ""
    note: str = ""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "TypedLine":
        """A line as `as_json` wrote it."""
        sums: dict[str, Any] = {name: Decimal(stored[name]) for name in _SUMS if stored.get(name) is not None}
        words = {name: stored[name] for name in ("refusal", "reason", "note") if stored.get(name)}
        return cls(**sums, **words, network=stored.get("network"))

    @classmethod
    def of(cls, line: Line) -> "TypedLine":
        """What the stored line says, from an earlier decision or a core system; where typing begins."""
        return cls(
            rate=line.rate,
            network=NETWORK_OF[line.in_network],
            paid_elsewhere=line.paid_elsewhere,
            not_medical=line.not_medical,
            refusal=line.refusal,
            note=line.note,
        )

    def as_json(self) -> dict[str, str | None]:
        """The line, to be stored in a draft."""
        return {name: None if value is None else str(value) for name, value in asdict(self).items()}

    @property
    def problem(self) -> str:
        """The name of the field that cannot be used, or empty. It depends on nothing but the line itself."""
        if self.rate is not None and not (self.rate.is_finite() and 0 < self.rate < _LARGEST_RATE):
            return "rate"
        if self.network is not None and self.network not in NETWORK_OF.values():
            return "network"
        for name in ("paid_elsewhere", "not_medical", "granted"):
            if not _is_a_sum(getattr(self, name)):
                return name
        if self.refusal and self.refusal not in REFUSALS:
            return "refusal"
        if self.granted is not None and self.refusal:
            return "granted"
        if self.reason and self.reason not in CHANGES:
            return "reason"
        return ""

    def put_on(self, line: Line) -> tuple[str, ...]:
        """Set the fields of a stored line that the rules read; returns their names. The caller may save them."""
        line.paid_elsewhere, line.not_medical = self.paid_elsewhere, self.not_medical
        line.refusal, line.note = self.refusal, self.note
        if self.rate is not None:
            line.rate, line.rate_source = self.rate, "desk"
        if self.network is not None:
            line.in_network = None if not self.network else self.network == "in"
        return "paid_elsewhere", "not_medical", "refusal", "note", "rate", "rate_source", "in_network"


def _is_a_sum(amount: Decimal | None) -> bool:
    """Whether the columns of sums can hold it; None is no sum, and allowed."""
    if amount is None:
        return True
    return amount.is_finite() and 0 <= amount < _LARGEST_SUM and amount == amount.quantize(_CENT)


_SUMS: Final = ("rate", "paid_elsewhere", "not_medical", "granted")
_LARGEST_RATE: Final = Decimal(10**8)
_LARGEST_SUM: Final = Decimal(10**12)
_CENT: Final = Decimal("0.01")


def put_on_all(lines: Iterable[Line], typed: Mapping[str, TypedLine]) -> None:
    """Set what was typed on lines that are only read, so that the rules propose accordingly."""
    for line in lines:
        if (one := typed.get(str(line.pk))) is not None:
            one.put_on(line)
