"""The lines of a claim as an assessor sees them: billed, proposed, why, granted."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.adjudication.reasons import sentence
from mypolis.insurance.claims.desk.assessment import AssessedLine, Assessment
from mypolis.insurance.claims.desk.pages.line_form import NETWORK
from mypolis.insurance.claims.desk.pages.wording import PROBLEMS, QUESTIONS
from mypolis.insurance.claims.desk.typed_lines import NETWORK_OF
from mypolis.insurance.claims.models import Claim, Decision, Line
from mypolis.insurance.coverage.plan_books.benefit_texts import say


@dataclass(frozen=True)
class LineRow:
    """A line; sums are empty where they are not known. `why` are the sentences that the member will read.

    `network` says whether the provider is in the plan's network, if somebody looked it up, also to a second person.
    """

    line: Line
    benefit: str
    billed: Money | None
    in_plan: Money | None
    proposed: Money | None
    granted: Money | None
    why: Sequence[str]
    note: str = ""
    network: str = ""
    problem: str = ""
    is_foreign: bool = False
    is_raised: bool = False
    is_changed: bool = False


def assessed_rows(assessment: Assessment) -> list[LineRow]:
    """The lines as they would be decided now."""
    return [_assessed(one, assessment) for one in assessment.lines]


def decided_rows(claim: Claim, decision: Decision) -> list[LineRow]:
    """The lines as they were decided."""
    decided = {row.line_id: row for row in decision.lines.all()}
    rows = []
    for line in claim.lines.all():
        row = decided.get(line.pk)
        granted = Money(row.granted, row.currency) if row else None
        why = [sentence(cut["code"], cut["facts"]) for cut in row.cuts] if row else []
        rows.append(LineRow(line, "", _billed(line), None, None, granted, why, line.note, _network(None, line)))
    return rows


def _assessed(one: AssessedLine, assessment: Assessment) -> LineRow:
    line, currency, proposed = one.line, assessment.currency, one.proposed
    benefit = one.plan.benefit(line.benefit or assessment.claim.benefit) if one.plan else None
    is_open = bool(one.problem) and one.problem != "no_reason"
    if proposed is None or not currency:
        return LineRow(line, "", _billed(line), None, None, None, [], problem=str(PROBLEMS[one.problem]))
    why = [] if one.questions else [sentence(str(cut["code"]), cut["facts"]) for cut in one.cuts]
    asked = [str(QUESTIONS[cut.code]) for cut in one.questions if cut.code in QUESTIONS]
    return LineRow(
        line=line,
        benefit=say(benefit.name) if benefit is not None else "",
        billed=_billed(line),
        in_plan=_money(one.billed, currency) if line.currency != currency and one.billed else None,
        proposed=None if one.questions else _money(proposed.granted, currency),
        granted=None if is_open else _money(one.granted, currency),
        why=why,
        note=one.typed.note,
        network=_network(one.typed.network, line),
        problem=" ".join(asked) or (str(PROBLEMS[one.problem]) if one.problem else ""),
        is_foreign=line.currency != currency,
        is_raised=one.is_raised,
        is_changed=one.typed.granted is not None or bool(one.typed.refusal),
    )


def _network(typed: str | None, line: Line) -> str:
    """What was typed about the network, or else what the line says; empty if nobody looked it up."""
    known = NETWORK_OF[line.in_network] if typed is None else typed
    return str(dict(NETWORK)[known]) if known else ""


def _billed(line: Line) -> Money | None:
    return Money(line.amount, line.currency) if line.amount is not None and line.currency else None


def _money(amount: Decimal, currency: str) -> Money:
    return Money(amount, currency)
