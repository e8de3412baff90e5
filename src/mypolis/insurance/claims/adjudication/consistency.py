"""Whether a decision from outside fits together: its outcome, its sums and its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from mypolis.insurance.claims.adjudication.reasons import REASONS, Kind

type Outcome = Literal["approved", "partly_approved", "rejected"]

_OF_LINES: Final = (Kind.CUT, Kind.REJECTION)


@dataclass(frozen=True)
class Said:
    """What a decision says about a line. `name` is for the sentence that says what is wrong."""

    name: str
    billed: Decimal
    granted: Decimal
    reasons: tuple[str, ...]


def contradiction(outcome: Outcome, lines: Sequence[Said], *, is_by_rules: bool = False) -> str:
    """What does not fit, for the program that sent it; empty if everything does.

    Granted is between nothing and what was billed. A line that is not paid in full has reasons, any other has none.
    "approved" grants everything, "rejected" nothing and with a reason of rejection, "partly_approved" less than all.
    `is_by_rules`: our own rules, and assessors who follow them, also call a claim rejected if its limits left nothing.
    """
    if not lines:
        return "the decision has no lines"
    for line in lines:
        if found := _of_line(line):
            return f"line {line.name}: {found}"
    cut = [line for line in lines if line.granted < line.billed]
    if outcome == "approved":
        return f"approved, but line {cut[0].name} is not granted in full" if cut else ""
    if outcome == "partly_approved":
        return "" if cut else "partly_approved, but every line is granted in full"
    granted = next((line for line in lines if line.granted > 0), None)
    if granted is not None:
        return f"rejected, but line {granted.name} is granted {granted.granted}"
    if is_by_rules:
        return ""
    kinds = {REASONS[code].kind for line in lines for code in line.reasons}
    return "" if Kind.REJECTION in kinds else "rejected, but no line has a reason of rejection"


def _of_line(line: Said) -> str:
    unknown = [code for code in line.reasons if code not in REASONS or REASONS[code].kind not in _OF_LINES]
    if unknown:
        return f"unknown reason {unknown[0]!r}"
    if len(set(line.reasons)) != len(line.reasons):
        return "a reason is named twice"
    if not 0 <= line.granted <= line.billed:
        return f"granted must be between 0 and {line.billed}"
    if line.granted < line.billed and not line.reasons:
        return "not granted in full, but without a reason"
    return "granted in full, but with a reason" if line.granted == line.billed and line.reasons else ""
