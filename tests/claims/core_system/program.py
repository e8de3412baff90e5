"""The core system's program: reads claims and decides them through the API."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.rights import CLAIM_DECISIONS, CLAIMS, CLINIC_BILLS
from tests.integrations.test_partner_api import Program

BASE = "/api/v1/id/partner/claims"


class Core(Program):
    """The core system of the market `id`, with all rights to claims."""

    def __init__(self, *may: str) -> None:
        super().__init__(*(may or (CLAIMS.name, CLAIM_DECISIONS.name, CLINIC_BILLS.name)))

    def changed(self, after: str = "") -> Any:
        """One page of changed claims."""
        answer = self.client.get(BASE, {"changed_after": after}, headers={"authorization": f"Bearer {self.text}"})
        assert answer.status_code == 200, answer.content
        return answer.json()

    def everything(self, after: str = "") -> tuple[list[Any], str]:
        """All changed claims after a place, and the place after them."""
        found: list[Any] = []
        while True:
            page = self.changed(after)
            found += page["claims"]
            after = page["next"]
            if page["is_last"]:
                return found, after

    def decide(self, claim: Claim, body: dict[str, Any]) -> Any:
        """Send a decision."""
        return self.post(f"{BASE}/{claim.number}/decision", body, **{"accept-language": "en"})

    def ask(self, claim: Claim, body: dict[str, Any]) -> Any:
        """Send a question to the member."""
        return self.post(f"{BASE}/{claim.number}/information-request", body)

    def bill(self, body: dict[str, Any]) -> Any:
        """Send a bill that a clinic sent directly."""
        return self.post("/api/v1/id/partner/clinic-bills", body, **{"accept-language": "en"})


def said(
    claim: Claim,
    granted: str = "100.00",
    outcome: str = "partly_approved",
    key: str = "d1",
    at: datetime | None = None,
    payment: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A decision about a claim of one line of 150."""
    reasons = {"approved": [], "partly_approved": ["limit_visit"], "rejected": ["excluded"]}[outcome]
    line = {"line": str(claim.lines.get().pk), "granted": granted, "reasons": reasons}
    moment = (at or timezone.now()).isoformat()
    return {"id": key, "at": moment, "outcome": outcome, "lines": [line], "payment": payment}
