"""The rows of a decision that the rules made."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, Cut
from mypolis.insurance.claims.decisions.batch import Outcome
from mypolis.insurance.claims.decisions.excess_borne import buckets_as_facts
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import DecidedLine, Decision
from mypolis.insurance.coverage.models import PlanVersion


def outcome_state(outcome: Outcome) -> State:
    """Approved if everything is granted, rejected if nothing is, else partly approved."""
    if outcome.own_share == 0:
        return State.APPROVED
    return State.PARTLY_APPROVED if outcome.granted > 0 else State.REJECTED


def decided_lines(decision: Decision, outcome: Outcome) -> list[DecidedLine]:
    """The rows that explain an outcome, line by line; not written yet."""
    return [_decided_line(decision, line, outcome) for line in outcome.lines]


def _decided_line(decision: Decision, line: AdjudicatedLine, outcome: Outcome) -> DecidedLine:
    version = outcome.versions.get(line.line.key)
    return DecidedLine(
        decision=decision,
        line_id=UUID(line.line.key),
        billed=line.billed,
        granted=line.granted,
        own_share=line.own,
        excess=line.excess_borne,
        currency=outcome.currency,
        plan=name_of(version),
        plan_version=version,
        cuts=[stored_cut(cut, line) for cut in line.cuts],
    )


def name_of(version: PlanVersion | None) -> str:
    """Product and plan of a version; empty without one."""
    return f"{version.document.product} {version.document.key}" if version is not None else ""


def stored_cut(cut: Cut, line: AdjudicatedLine) -> Mapping[str, Any]:
    """A cut as it is stored with its line."""
    facts = {**cut.facts, "buckets": buckets_as_facts(line)} if cut.code == "excess" else cut.facts
    return {"code": cut.code, "amount": str(cut.amount), "facts": facts}
