"""The order in which a claim is decided; `docs/decisions/adjudication.md` says why it is this order.

Bills are checked first, then days, then parts that an assessor took off. What is left pays the member's shares (excess,
co-payment, share outside the network), and only the rest counts against limits.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from mypolis.insurance.claims.adjudication.days import days_of, is_counted, spread, units_of
from mypolis.insurance.claims.adjudication.limit_reasons import code_of, facts_of
from mypolis.insurance.claims.adjudication.lines import (
    AdjudicatedLine,
    AskedDay,
    ClaimLine,
    Cut,
    ExcessBucket,
    Facts,
    Situation,
)
from mypolis.insurance.claims.adjudication.reasons import DEDUCTIONS
from mypolis.insurance.claims.adjudication.shares import Share, Terms, shares_of, terms_of
from mypolis.insurance.claims.adjudication.unpaid_lines import refusal_of_day, refusal_of_line
from mypolis.insurance.coverage.ledger.arithmetic import (
    ZERO,
    Ask,
    Bucket,
    Covered,
    Grant,
    Taken,
    grant,
    in_bucket,
    left,
    year_of,
)
from mypolis.insurance.coverage.plan_books.plan import Benefit, Limit, PlanDocument

type Earlier = Sequence[tuple[Ask, Grant]]


def adjudicate(lines: Iterable[ClaimLine], situation: Situation) -> list[AdjudicatedLine]:
    """Decide all lines of a claim. The result is in the fixed order in which they were decided."""
    claim = _Claim(situation)
    return [claim.decide(line) for line in sorted(lines, key=_order)]


def _order(line: ClaimLine) -> tuple[date, str, str, Decimal, str]:
    return line.day, line.number, line.benefit, line.amount or ZERO, line.key


@dataclass
class _Part:
    """One day of a line: its part of the bill, and how much of it is still to be paid."""

    day: date
    units: int
    rest: Decimal
    plan: PlanDocument
    benefit: Benefit
    terms: Terms


@dataclass
class _Claim:
    """The claim so far: what its earlier lines took from limits, and bore of excesses and caps."""

    situation: Situation
    asked: list[tuple[Ask, Grant]] = field(default_factory=list)
    borne: dict[ExcessBucket, Decimal] = field(default_factory=dict)
    copaid: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def decide(self, line: ClaimLine) -> AdjudicatedLine:
        if line.amount is None:
            return _asked(line, ZERO, "rate_missing")
        if line.amount <= 0:
            return AdjudicatedLine(line=line, billed=ZERO, cuts=(Cut("no_amount", ZERO, {}),))
        refusal = refusal_of_line(line, self.situation)
        if refusal is not None:
            return AdjudicatedLine(line=line, billed=line.amount, cuts=(Cut(refusal.code, line.amount, refusal.facts),))
        cuts = _Cuts()
        parts = self._parts(line, line.amount, cuts)
        if parts is None:
            return _asked(line, line.amount, "plan_unknown")
        _deduct(line, parts, cuts)
        excess = self._take_shares(line, parts, cuts)
        days = [asked for part in parts if (asked := self._ask(line, part, cuts)) is not None]
        return AdjudicatedLine(
            line=line,
            billed=line.amount,
            granted=sum((one.granted.amount for one in days), ZERO),
            cuts=cuts.all,
            excess=tuple(excess.items()),
            plan=parts[0].plan if parts else None,
            days=tuple(days),
        )

    def _parts(self, line: ClaimLine, amount: Decimal, cuts: "_Cuts") -> list[_Part] | None:
        """The days that are paid for; the others are cut. None if the plan of a covered day is unknown."""
        situation, kept = self.situation, []
        first = situation.plan_on(line.day)
        known = first.benefit(line.benefit) if first is not None else None
        days = days_of(line.day, line.last_day, known.type if known else None)
        counted = first is not None and is_counted(first, line.benefit)
        units = units_of(line.count, len(days)) if counted else [0] * len(days)
        sums = spread(amount, units if any(units) else [1] * len(days))
        for day, one, part in zip(days, units, sums, strict=True):
            plan = situation.plan_on(day)
            refusal = refusal_of_day(line, day, plan, situation)
            if refusal is not None:
                cuts.add(refusal.code, part, refusal.facts)
            elif plan is None or (benefit := plan.benefit(line.benefit)) is None:
                return None  # the plan is unknown: a plan without the benefit was refused above
            else:
                year = year_of(day, situation.policy_start if plan.year == "policy" else None)
                kept.append(_Part(day, one, part, plan, benefit, terms_of(plan, benefit, line, year.first)))
        return kept

    def _take_shares(self, line: ClaimLine, parts: list[_Part], cuts: "_Cuts") -> dict[ExcessBucket, Decimal]:
        """Take excess, co-payment and share off days with equal terms together, so that a bill is rounded once."""
        excess: dict[ExcessBucket, Decimal] = {}
        for terms, same in groupby(parts, key=lambda part: part.terms):
            group = list(same)
            rest = sum((part.rest for part in group), ZERO)
            bill = (line.number or line.key, line.benefit)
            shares = shares_of(rest, terms, borne=self._borne_in(terms.bucket), copaid=self.copaid.get(bill, ZERO))
            for share in shares:
                cuts.add(share.code, share.amount, share.facts | {"currency": group[0].plan.currency})
                rest -= share.amount
                self._remember(share, terms, bill, excess)
            _replace(group, rest)
        return excess

    def _borne_in(self, bucket: ExcessBucket | None) -> Decimal:
        if bucket is None:
            return ZERO
        if bucket not in self.borne:
            self.borne[bucket] = self.situation.borne(bucket)
        return self.borne[bucket]

    def _remember(self, share: Share, terms: Terms, bill: tuple[str, str], excess: dict[ExcessBucket, Decimal]) -> None:
        if share.code == "copayment":
            self.copaid[bill] = self.copaid.get(bill, ZERO) + share.amount
        if share.code == "excess" and terms.bucket is not None:
            self.borne[terms.bucket] = self._borne_in(terms.bucket) + share.amount
            excess[terms.bucket] = excess.get(terms.bucket, ZERO) + share.amount

    def _ask(self, line: ClaimLine, part: _Part, cuts: "_Cuts") -> AskedDay | None:
        """Ask the limits for one day, and note what they cut. None if there is nothing to ask for."""
        if part.rest <= 0 and not part.units:
            return None
        situation = self.situation
        ask = Ask(
            member=situation.member,
            benefit=line.benefit,
            day=part.day,
            amount=part.rest,
            count=part.units,
            case=line.case,
            visit=line.visit,
            pregnancy=line.pregnancy,
        )
        taken = self._taken(ask, part.plan)
        covered = Covered(situation.start, situation.end, part.benefit.waiting_days)
        granted = grant(ask, part.plan.limits, taken, covered)
        limits = {limit.key: limit for limit in part.plan.limits}
        for key, amount in granted.cuts:
            limit = limits[key]
            facts = facts_of(limit, left(limit, taken(limit)), part.day, part.plan.currency)
            cuts.add(code_of(limit), amount, facts)
        self.asked.append((ask, granted))
        return AskedDay(ask, granted, part.plan.currency)

    def _taken(self, ask: Ask, plan: PlanDocument) -> Callable[[Limit], Taken]:
        year = year_of(ask.day, self.situation.policy_start if plan.year == "policy" else None)

        def taken(limit: Limit) -> Taken:
            bucket = Bucket()
            for other, granted in self.asked:
                if in_bucket(limit, ask, other, year=year):
                    bucket.add(other.day, granted.amount, granted.count)
            return self.situation.taken(limit, ask) + bucket.taken

        return taken


class _Cuts:
    """The cuts of a line in order; the same reason on several days is one cut with the facts of its first day."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Cut] = {}

    def add(self, code: str, amount: Decimal, facts: Facts) -> None:
        """Note a cut; ignore one of zero."""
        if amount <= 0:
            return
        key = (code, f"{facts.get('size')} {facts.get('per')}" if code.startswith("limit_") else "")
        known = self._found.get(key)
        self._found[key] = Cut(code, amount + (known.amount if known else ZERO), known.facts if known else facts)

    @property
    def all(self) -> tuple[Cut, ...]:
        """All cuts."""
        return tuple(self._found.values())


def _asked(line: ClaimLine, billed: Decimal, code: str) -> AdjudicatedLine:
    return AdjudicatedLine(line=line, billed=billed, questions=(Cut(code, ZERO, {"day": line.day.isoformat()}),))


def _deduct(line: ClaimLine, parts: Sequence[_Part], cuts: _Cuts) -> None:
    """Take off what an assessor marked: what another insurer paid first, then what is no treatment."""
    rest = sum((part.rest for part in parts), ZERO)
    for one in sorted(line.deductions, key=lambda deduction: DEDUCTIONS.index(deduction.code)):
        amount = min(rest, one.amount)
        currency = parts[0].plan.currency if parts else ""
        cuts.add(one.code, amount, {"amount": str(one.amount), "currency": currency, **one.facts})
        rest -= amount
    _replace(parts, rest)


def _replace(parts: Sequence[_Part], rest: Decimal) -> None:
    """Spread what is left of a sum over the same days, in proportion."""
    weights = [part.rest for part in parts]
    if any(weights):
        for part, amount in zip(parts, spread(rest, weights), strict=True):
            part.rest = amount
