"""Why a line, or a day of it, is not paid at all: the first steps of adjudication."""

from datetime import date
from typing import Final

from mypolis.insurance.claims.adjudication.lines import ClaimLine, Facts, Refusal, Situation
from mypolis.insurance.claims.adjudication.shares import share_of
from mypolis.insurance.coverage.ledger.arithmetic import Covered
from mypolis.insurance.coverage.plan_books.plan import PlanDocument, Text

_FIRST: Final = frozenset({"duplicate", "too_late"})  # nothing else is worth computing then


def refusal_of_line(line: ClaimLine, situation: Situation) -> Refusal | None:
    """Why the bill cannot be used; None if it can."""
    if line.refusal is not None and line.refusal.code in _FIRST:
        return line.refusal
    if line.last_day > situation.sent_on:
        return Refusal("in_future", {"day": line.last_day.isoformat()})
    age = (situation.sent_on - line.last_day).days
    if age > situation.filing_days:
        return Refusal("too_late", {"days": situation.filing_days, "age": age})
    return None


def refusal_of_day(line: ClaimLine, day: date, plan: PlanDocument | None, situation: Situation) -> Refusal | None:
    """Why nothing is paid for a day; None if something is, or if its plan is unknown."""
    shown: Facts = {"day": day.isoformat()}
    if day < situation.start:
        return Refusal("not_yet_covered", {**shown, "start": situation.start.isoformat()})
    if situation.end is not None and day > situation.end:
        return Refusal("cover_ended", {**shown, "end": situation.end.isoformat()})
    if plan is None:
        return None
    benefit = plan.benefit(line.benefit)
    if benefit is None:
        return Refusal("not_in_plan", {"benefit": line.benefit_name} if line.benefit_name else {})
    paid_from = Covered(situation.start, situation.end, benefit.waiting_days).paid_from
    if day < paid_from:
        return Refusal("waiting_period", {**shown, "benefit": benefit.name, "paid_from": paid_from.isoformat()})
    if line.refusal is not None:
        return Refusal(line.refusal.code, _with_exclusions(line.refusal, benefit.exclusions))
    if share_of(plan, benefit, line) is None:
        provider: Facts = {"provider": line.provider} if line.in_network is False and line.provider else {}
        return Refusal("outside_network", provider)
    return None


def _with_exclusions(refusal: Refusal, exclusions: Text | None) -> Facts:
    """An exclusion shows the plan's own words."""
    if refusal.code == "excluded" and exclusions:
        return {"exclusions": exclusions, **refusal.facts}
    return refusal.facts
