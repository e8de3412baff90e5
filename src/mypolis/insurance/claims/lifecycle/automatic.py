"""Approves small, clean claims without a person, in markets whose profile allows it. It never rejects one."""

import secrets
from decimal import Decimal
from uuid import UUID

from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.models import ReceivedFile, owner_key
from mypolis.foundation.markets.claim_rules import AutomaticApproval
from mypolis.insurance.claims.decisions.by_rules import adjudicate_claims
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.repeats import repeating
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on

DECIDE_SMALL = "claims.decide_small"  # in `jobs`


def enqueue(claim: Claim) -> None:
    """Add the job that decides a received claim if it is small and clean, in the caller's transaction."""
    if claim.profile.claims.automatic is not None:
        app.configure_task(DECIDE_SMALL, queue="upkeep").defer(claim=str(claim.pk))


def decide_if_small(key: UUID) -> bool:
    """Let the rules approve a claim, at least in part, if it qualifies and is not in the sample for people.

    Returns whether they did; what they would reject waits for a person. Idempotent: a claim that was decided or is in
    somebody's hands no longer qualifies.
    """
    claim = Claim.objects.select_related("membership__policy", "pay_to").filter(pk=key).first()
    if claim is None or claim.profile.claims.automatic is None:
        return False
    rules = claim.profile.claims.automatic
    if not qualifies(claim, rules) or secrets.randbelow(100) < rules.sampled_percent:
        return False
    report = adjudicate_claims(market=claim.market, numbers=[claim.number], may_reject=False, by=SYSTEM)
    return report.decided == 1


def qualifies(claim: Claim, rules: AutomaticApproval) -> bool:
    """Whether a claim is received, small, of the right benefits, and nothing about it needs a person's eye."""
    return (
        claim.state == State.RECEIVED
        and _is_small(claim, rules)
        and claim.pay_to is not None
        and not claim.pay_to.is_recently_changed
        and not repeating([claim])
        and not _has_files_of_others(claim)
        and not claim.questions.exists()  # whoever asked, for a better photo perhaps, reads the answer
    )


def _is_small(claim: Claim, rules: AutomaticApproval) -> bool:
    lines = list(claim.lines.all())
    plan = plan_on(claim.membership, claim.treated_on) if claim.treated_on is not None else None
    if not lines or plan is None:
        return False
    known = all(line.amount is not None and line.currency == plan.currency for line in lines)
    allowed = all((line.benefit or claim.benefit) in rules.benefits for line in lines)
    return known and allowed and sum((line.amount or Decimal(0) for line in lines), Decimal(0)) <= rules.most


def _has_files_of_others(claim: Claim) -> bool:
    """Whether the same bytes came with another claim of the market, too."""
    others = ReceivedFile.objects.filter(market=claim.market).exclude(owner=owner_key(claim))
    return others.with_contents(*(file.sha256 for file in ReceivedFile.objects.of(claim))).exists()
