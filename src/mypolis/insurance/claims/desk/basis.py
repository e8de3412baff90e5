"""What a proposal rests on: the claim's version, the plans of its days, and what is left of limits.

A draft remembers its basis. Before something is decided it is compared with the basis of that moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mypolis.insurance.claims.decisions.batch import Batch, Outcome
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.ledger.arithmetic import ZERO, Ask, left


class Changed(StrEnum):
    """What changed since a draft was made."""

    CLAIM = "claim"
    PLAN = "plan"
    LIMITS = "limits"


@dataclass(frozen=True)
class Basis:
    """`claim` is its version, `plans` the versions of the plan by line, `limits` what is left, by line and limit."""

    claim: int
    plans: Mapping[str, int]
    limits: Mapping[str, str]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Basis":
        """A basis as `as_json` wrote it."""
        return cls(stored.get("claim", 0), stored.get("plans", {}), stored.get("limits", {}))

    def as_json(self) -> dict[str, Any]:
        """The basis, to be stored with a draft. It has no health data: only keys, versions and sums."""
        return {"claim": self.claim, "plans": dict(self.plans), "limits": dict(self.limits)}

    def changed_to(self, now: "Basis") -> tuple[Changed, ...]:
        """What is different now."""
        found = [Changed.CLAIM] if self.claim != now.claim else []
        found += [Changed.PLAN] if self.plans != now.plans else []
        found += [Changed.LIMITS] if self.limits != now.limits else []
        return tuple(found)


def basis_of(batch: Batch, claim: Claim, proposed: Outcome) -> Basis:
    """The basis of a proposal that rests on the claim's lines as they are stored, not on what was typed.

    What the claim itself reserved or used must have been taken back in the batch.
    """
    limits = {}
    for one in proposed.lines:
        line = one.line
        plan = batch.plans.get((claim.membership_id, line.day))
        ask = Ask(
            member=claim.membership_id,
            benefit=line.benefit,
            day=line.day,
            amount=ZERO,
            count=line.count,
            case=line.case,
            visit=line.visit,
            pregnancy=line.pregnancy,
        )
        for limit in plan.limits_on(line.benefit) if plan else ():
            limits[f"{line.key}/{limit.key}"] = str(left(limit, batch.snapshot.taken(limit, ask)))
    plans = {line: version.pk for line, version in proposed.versions.items()}
    return Basis(claim.version, plans, limits)
