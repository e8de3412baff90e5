"""The core system asks about claims, and decides them."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.deciding import LineDecision, Outcome, Verdict, decide
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.world import reread, sent

CORE = Actor("partner", "core")


def verdict(
    claim: Claim, granted: str, outcome: Outcome = "partly_approved", key: str = "d1", at: datetime | None = None
) -> Verdict:
    """A decision of the core system about a claim with one line."""
    line = claim.lines.get()
    reasons = {"approved": (), "partly_approved": ("limit_visit",), "rejected": ("excluded",)}[outcome]
    decided = LineDecision(line=line.pk, granted=Decimal(granted), currency="IDR", reasons=reasons)
    return Verdict(id=key, at=at or timezone.now(), outcome=outcome, lines=(decided,))


def decide_again(claim: Claim, granted: str, outcome: Outcome = "partly_approved", key: str = "d2") -> Claim:
    """Another decision about the claim."""
    decide(claim=claim, verdict=verdict(claim, granted, outcome, key), by=CORE)
    return reread(claim)


def questioned(claim: Claim, *ids: str) -> Claim:
    """The claim with open questions."""
    asked = [NewQuestion(id=one, text=f"Please explain {one}.") for one in ids or ("q1",)]
    ask(claim=claim, questions=asked, by=CORE)
    return reread(claim)


def decided(account: Account, granted: str = "100", outcome: Outcome = "partly_approved") -> Claim:
    """A claim of one line of 150 that was decided."""
    claim = sent(account)
    decide(claim=claim, verdict=verdict(claim, granted, outcome), by=CORE)
    return reread(claim)


def later(claim: Claim, days: int) -> datetime:
    """So many days from now."""
    return timezone.now() + timedelta(days=days)
