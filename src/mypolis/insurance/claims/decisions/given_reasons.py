"""The reasons of a decision from outside, line by line, with the sums and facts that our own rules know."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, Facts
from mypolis.insurance.claims.adjudication.reasons import DEDUCTIONS
from mypolis.insurance.claims.decisions.rows import stored_cut
from mypolis.insurance.coverage.plan_books.plan import PlanDocument

_OF_THE_LEDGER: Final = frozenset(
    {"excess", "limit_case", "limit_pregnancy", "limit_count", "limit_year", "limit_family", "limit_lifetime"}
)
"""Reasons whose sentences say what was left. The decision may have found something else left than our rules did."""


def is_ours(granted: Decimal, codes: Sequence[str], ours: AdjudicatedLine | None) -> bool:
    """Whether our rules come to the same sum for the same reasons, so that their sums and facts hold."""
    return ours is not None and ours.granted == granted and {cut.code for cut in ours.cuts} == set(codes)


def given_cuts(
    granted: Decimal,
    own_share: Decimal,
    codes: Sequence[str],
    ours: AdjudicatedLine | None,
    plan: PlanDocument | None,
    *,
    lowered_for: str = "",
) -> list[Mapping[str, Any]]:
    """The cuts to be stored. `ours` is the line as our rules decide it, `plan` that of its day; None if unknown.

    A single reason explains the whole own share. The sums of several reasons are known only if our rules agree, or if
    an assessor granted less than our rules for the one reason `lowered_for`.
    """
    if ours is not None and is_ours(granted, codes, ours):
        return [stored_cut(cut, ours) for cut in ours.cuts]
    if ours is not None and lowered_for and granted < ours.granted:
        more = str(ours.granted - granted)
        facts = _facts(lowered_for, Decimal(more), ours, plan)
        return [*(stored_cut(cut, ours) for cut in ours.cuts), {"code": lowered_for, "amount": more, "facts": facts}]
    amount = own_share if len(codes) == 1 else None
    return [
        {
            "code": code,
            "amount": None if amount is None else str(amount),
            "facts": _facts(code, amount, ours, plan) if ours is not None else {},
        }
        for code in codes
    ]


def _facts(code: str, amount: Decimal | None, ours: AdjudicatedLine, plan: PlanDocument | None) -> Facts:
    """What the sentence of a reason can say for certain."""
    computed = next((cut.facts for cut in ours.cuts if cut.code == code), None)
    if computed is not None and code not in _OF_THE_LEDGER:
        return computed
    line, benefit = ours.line, plan.benefit(ours.line.benefit) if plan else None
    if code in DEDUCTIONS and amount is not None and plan is not None:
        return {"amount": str(amount), "currency": plan.currency}
    if code == "excluded" and benefit is not None and benefit.exclusions:
        return {"exclusions": benefit.exclusions}
    if code == "not_in_plan" and line.benefit_name:
        return {"benefit": line.benefit_name}
    return {"provider": line.provider} if code in ("outside_network", "bill_not_confirmed") and line.provider else {}
