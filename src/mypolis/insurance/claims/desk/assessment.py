"""A claim as it would be decided now: for each line what was billed, proposed and granted, and why."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mypolis.insurance.claims.adjudication.consistency import Outcome as OutcomeName
from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, Cut
from mypolis.insurance.claims.adjudication.shares import pays_less_outside
from mypolis.insurance.claims.decisions.batch import Batch, Outcome
from mypolis.insurance.claims.decisions.given_reasons import given_cuts
from mypolis.insurance.claims.desk.basis import Basis, basis_of
from mypolis.insurance.claims.desk.typed_lines import ZERO, TypedLine, put_on_all
from mypolis.insurance.claims.lifecycle.deciding import LineDecision, Verdict
from mypolis.insurance.claims.models import AssessmentDraft, Claim, Line
from mypolis.insurance.coverage.plan_books.plan import PlanDocument


@dataclass(frozen=True)
class AssessedLine:
    """A line with what the rules propose for it after what was `typed`, and what is granted. All sums are the plan's.

    `proposed` is None for a line without a date, a sum or a benefit. `plan` is that of its day, None if unknown.
    """

    line: Line
    typed: TypedLine
    proposed: AdjudicatedLine | None
    plan: PlanDocument | None

    @property
    def billed(self) -> Decimal:
        """The sum of the bill; zero while its rate is missing."""
        return self.proposed.billed if self.proposed else ZERO

    @property
    def granted(self) -> Decimal:
        """What is granted: the assessor's sum, or else the proposal."""
        if self.typed.granted is not None:
            return self.typed.granted
        return self.proposed.granted if self.proposed else ZERO

    @property
    def asks_for_network(self) -> bool:
        """Whether the plan pays less if the provider is outside its network."""
        benefit = self.plan.benefit(self.line.benefit or self.line.claim.benefit) if self.plan else None
        return self.plan is not None and benefit is not None and pays_less_outside(self.plan, benefit)

    @property
    def questions(self) -> Sequence[Cut]:
        """What keeps the line from being decided: a rate or a plan is missing."""
        return self.proposed.questions if self.proposed else ()

    @property
    def is_raised(self) -> bool:
        """Whether more is granted than the rules allow, so that a second person must agree."""
        return self.proposed is not None and self.granted > self.proposed.granted

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes that explain why not all is paid: those of the rules, and the assessor's for what they lowered."""
        if self.proposed is None or self.granted >= self.billed:
            return ()
        ours = tuple(cut.code for cut in self.proposed.cuts)
        if self.granted == self.proposed.granted:
            return tuple(dict.fromkeys(ours))
        if self.granted < self.proposed.granted:
            return tuple(dict.fromkeys((*ours, *self._typed_reason)))
        return self._typed_reason or tuple(dict.fromkeys(ours))

    @property
    def cuts(self) -> list[Mapping[str, Any]]:
        """The cuts as they will be stored with the decision."""
        own = self.billed - self.granted
        return given_cuts(self.granted, own, self.reasons, self.proposed, self.plan, lowered_for=self.typed.reason)

    @property
    def problem(self) -> str:
        """What is wrong with the line: `no_rule`, `question`, `too_much` or `no_reason`; empty if it can be decided."""
        if self.proposed is None:
            return "no_rule"
        if self.questions:
            return "question"
        if self.granted > self.billed:
            return "too_much"
        lowered = self.granted < self.proposed.granted
        return "no_reason" if (lowered and not self.typed.reason) or self._lacks_any_reason else ""

    @property
    def _lacks_any_reason(self) -> bool:
        return self.granted < self.billed and not self.reasons

    @property
    def _typed_reason(self) -> tuple[str, ...]:
        return (self.typed.reason,) if self.typed.reason else ()


@dataclass(frozen=True)
class Assessment:
    """A claim as it would be decided now, in `currency`, and what that rests on."""

    claim: Claim
    lines: Sequence[AssessedLine]
    outcome: Outcome
    basis: Basis

    @property
    def currency(self) -> str:
        """The currency of the plan."""
        return self.outcome.currency

    @property
    def granted(self) -> Decimal:
        """What is granted in all."""
        return sum((line.granted for line in self.lines), ZERO)

    @property
    def own_share(self) -> Decimal:
        """What the member pays in all."""
        return sum((line.billed - line.granted for line in self.lines), ZERO)

    @property
    def result(self) -> OutcomeName:
        """The outcome that follows from the lines."""
        if self.own_share == 0:
            return "approved"
        return "partly_approved" if self.granted > 0 else "rejected"

    @property
    def is_raised(self) -> bool:
        """Whether any line is granted more than the rules allow."""
        return any(line.is_raised for line in self.lines)

    @property
    def problems(self) -> Mapping[str, str]:
        """The lines that cannot be decided yet, by key, and why. A claim without lines has the key "" in it."""
        if not self.lines:
            return {"": "no_lines"}
        return {str(line.line.pk): line.problem for line in self.lines if line.problem}

    @property
    def lowered_for(self) -> Mapping[UUID, str]:
        """The reason of each line that the assessor lowered, by its key."""
        return {line.line.pk: line.typed.reason for line in self.lines if line.typed.reason}

    def verdict(self, at: datetime) -> Verdict:
        """The decision as `lifecycle.deciding.decide` takes it."""
        lines = tuple(
            LineDecision(line=one.line.pk, granted=one.granted, currency=self.currency, reasons=one.reasons)
            for one in self.lines
        )
        return Verdict(id="", at=at, outcome=self.result, lines=lines, source="desk")


def assess(claim: Claim, draft: AssessmentDraft | None, *, lock: bool = False) -> Assessment:
    """Assess a claim with what was typed in its draft; writes nothing.

    With `lock`, the limits of the family stay as they are until the transaction ends.
    """
    typed = typed_lines(draft)
    batch = Batch([claim], lock=lock, with_texts=True)
    batch.take_back(claim)
    basis = basis_of(batch, claim, batch.decide(claim))
    lines = [copy(line) for line in batch.stored.get(claim.pk, ())]  # as they are stored; the others get what was typed
    for line in lines:
        line.claim = claim
    read = {line.pk: line for line in batch.lines.get(claim.pk, ())}
    put_on_all(read.values(), typed)
    outcome = batch.decide(claim)
    return Assessment(claim, _assessed(lines, typed, outcome), outcome, basis)


def typed_lines(draft: AssessmentDraft | None) -> dict[str, TypedLine]:
    """What a draft holds, by the key of the line."""
    stored: dict[str, dict[str, Any]] = draft.lines if draft is not None else {}
    return {key: TypedLine.from_json(one) for key, one in stored.items()}


def _assessed(lines: Iterable[Line], typed: Mapping[str, TypedLine], outcome: Outcome) -> list[AssessedLine]:
    found = []
    for line in lines:
        key = str(line.pk)
        version = outcome.versions.get(key)
        plan = version.document if version is not None else None
        found.append(AssessedLine(line, typed.get(key) or TypedLine.of(line), outcome.line(line.pk), plan))
    return found
