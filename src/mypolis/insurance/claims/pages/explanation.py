"""The explanation of benefits: line by line what was billed, what we pay, what the member pays, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.lib.money import Money, format_money
from mypolis.insurance.claims.lifecycle.following import may_appeal
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Decision, day_of
from mypolis.insurance.claims.presenters import Reason, ShownClaim, ShownLine
from mypolis.insurance.coverage.models import PlanVersion
from mypolis.insurance.coverage.plan_books.benefit_texts import limit_in_words, say


@dataclass(frozen=True)
class ExplainedLine:
    """A decided line. `on_bill` is the sum in the bill's own currency, if that is another one; all sums are texts."""

    name: str
    day: str
    text: str
    billed: str
    on_bill: str
    granted: str
    own_share: str
    reasons: Sequence[tuple[str, str]]
    plan: str


@dataclass(frozen=True)
class PlanWords:
    """What a plan says about a benefit, in its own words."""

    name: str
    explanation: str
    limits: Sequence[str]
    exclusions: str


@dataclass(frozen=True)
class Explanation:
    """A decision, explained. `appeal` says how and until when to appeal, `lag` that the limits are updated later."""

    shown: ShownClaim
    decision: Decision
    decided_on: str
    lines: Sequence[ExplainedLine]
    billed: str
    granted: str
    own_share: str
    plan_words: Sequence[PlanWords]
    appeal: str
    lag: str


def explanation_of(shown: ShownClaim) -> Explanation | None:
    """The explanation of the decision that holds, in the current language; None before a decision."""
    claim, decision = shown.claim, shown.claim.last_decision
    lines = [line for line in shown.lines if line.decided is not None]
    if decision is None or not lines:
        return None
    versions = PlanVersion.objects.in_bulk({one.decided.plan_version_id for one in lines if one.decided} - {None})
    rows = [line.decided for line in lines if line.decided is not None]
    return Explanation(
        shown=shown,
        decision=decision,
        decided_on=date_format(day_of(decision.at, claim.profile), "DATE_FORMAT"),
        lines=[_explained(line, versions) for line in lines],
        billed=format_money(Money(sum((row.billed for row in rows), Decimal(0)), rows[0].currency)),
        granted=_sum(shown.granted),
        own_share=_sum(shown.own_share),
        plan_words=_plan_words(shown, {line.line.benefit or claim.benefit for line in lines}),
        appeal=_appeal(shown),
        lag=_lag(shown),
    )


def _explained(line: ShownLine, versions: Mapping[int, PlanVersion]) -> ExplainedLine:
    decided = line.decided
    if decided is None:
        raise ValueError("the line was not decided")
    billed, day = Money(decided.billed, decided.currency), line.line.date
    return ExplainedLine(
        name=line.benefit_name,
        day=date_format(day, "DATE_FORMAT") if day is not None else "",
        text=line.line.text,
        billed=format_money(billed),
        on_bill=format_money(line.billed) if line.billed is not None and line.billed != billed else "",
        granted=_sum(line.granted),
        own_share=_sum(line.own_share),
        reasons=[_reason(one, decided.currency) for one in line.reasons],
        plan=_plan(versions[decided.plan_version_id]) if decided.plan_version_id else decided.plan,
    )


def _reason(reason: Reason, currency: str) -> tuple[str, str]:
    return reason.text, format_money(Money(reason.amount, currency)) if reason.amount is not None else ""


def _plan(version: PlanVersion) -> str:
    facts = {
        "plan": say(version.document.name),
        "number": version.number,
        "day": date_format(version.effective, "DATE_FORMAT"),
    }
    return _("Plan “%(plan)s”, version %(number)s, in force from %(day)s") % facts


def _plan_words(shown: ShownClaim, benefits: set[str]) -> list[PlanWords]:
    if shown.plan is None:
        return []
    found = [one for key in sorted(benefits) if (one := shown.plan.benefit(key)) is not None]
    return [
        PlanWords(
            name=say(one.name),
            explanation=say(one.explanation),
            limits=[limit_in_words(limit, shown.plan.currency) for limit in shown.plan.limits_on(one.key)],
            exclusions=say(one.exclusions) if one.exclusions else "",
        )
        for one in found
    ]


def _appeal(shown: ShownClaim) -> str:
    """How to appeal; empty when the claim was approved in full."""
    claim = shown.claim
    if claim.appeal_until is None or (shown.own_share is not None and not shown.own_share.amount):
        return ""
    day = {"day": date_format(claim.appeal_until, "DATE_FORMAT")}
    if may_appeal(claim):
        return (
            _(
                "If you disagree, you can appeal until %(day)s: open the claim, choose “Appeal”, and say why. Somebody "
                "who did not decide before will look at it again."
            )
            % day
        )
    if claim.appeal_until < claim.profile.today():
        return _("The time for an appeal ended on %(day)s.") % day
    if claim.state == State.PAYMENT_FAILED:
        return _("You can appeal until %(day)s, once you have chosen another account.") % day
    return _("You have appealed this decision already.")


def _lag(shown: ShownClaim) -> str:
    """Where a core system records what is used: that the limits are updated later. Else empty."""
    if shown.claim.profile.claims.recorded_by != "core":
        return ""
    return _("What is left of your limits changes when we next receive the figures, usually within a day.")


def _sum(money: Money | None) -> str:
    return format_money(money) if money is not None else ""
