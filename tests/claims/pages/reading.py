"""A member who reads pages about claims, and claims in every state."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.deciding import LineDecision, Outcome, Verdict, decide
from mypolis.insurance.claims.lifecycle.paying import pay
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.devices import sign_in
from tests.claims.world import WEB, reread, sent
from tests.house.pages.test_pages import assert_guarded, assert_well_made

CORE = Actor("partner", "core")
STRANGER = Actor("stranger", "", **WEB)


class Reader:
    """A signed-in member who reads pages, in English."""

    def __init__(self, account: Account, language: str = "en") -> None:
        self.account = account
        self.client = Client(headers={"Accept-Language": language})
        token = sign_in(account=account, known=None, by=STRANGER).access_token
        self.client.cookies[f"session-{account.market}"] = token

    def address(self, claim: Claim, rest: str = "") -> str:
        return f"/{self.account.market}/claims/{claim.pk}/{rest}"

    def get(self, address: str) -> Any:
        return self.client.get(address)

    def post(self, address: str, data: dict[str, Any] | None = None) -> Any:
        return self.client.post(address, data or {})

    def read(self, address: str, status: int = 200) -> str:
        """The text of a well-made page, without markup."""
        response = self.client.get(address)
        assert response.status_code == status, response.status_code
        return page_words(response)


def page_words(response: Any) -> str:
    """The text between the tags of a page that keeps the house's rules."""
    assert_well_made(response)
    assert_guarded(response)
    assert response["Cache-Control"] == "no-store"
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).replace("\u00a0", " ").split())


def verdict(claim: Claim, granted: str, outcome: Outcome, key: str = "d1", reason: str = "limit_visit") -> Verdict:
    """A decision of the core system about a claim with one line."""
    reasons = () if outcome == "approved" else (reason,) if outcome != "rejected" else ("not_in_plan",)
    line = LineDecision(line=claim.lines.get().pk, granted=Decimal(granted), currency="IDR", reasons=reasons)
    return Verdict(id=key, at=timezone.now(), outcome=outcome, lines=(line,))


def decided(account: Account, granted: str = "100", outcome: Outcome = "partly_approved") -> Claim:
    claim = sent(account)
    decide(claim=claim, verdict=verdict(claim, granted, outcome), by=CORE)
    return reread(claim)


def rejected(account: Account) -> Claim:
    return decided(account, "0", "rejected")


def questioned(account: Account, *questions: NewQuestion) -> Claim:
    claim = sent(account)
    ask(claim=claim, questions=questions or (NewQuestion(id="q1", text="What was the visit for?"),), by=CORE)
    return reread(claim)


def paid(account: Account) -> Claim:
    claim = decided(account)
    pay(claim=claim, state="paid", at=timezone.now(), by=CORE)
    return reread(claim)


def returned(account: Account) -> Claim:
    """A claim whose payment came back."""
    claim = decided(account)
    pay(claim=claim, state="failed", at=timezone.now(), code="account_closed", by=CORE)
    return reread(claim)


def appeal_over(claim: Claim) -> Claim:
    """A claim whose time for an appeal ended yesterday."""
    Claim.objects.filter(pk=claim.pk).update(appeal_until=claim.profile.today() - timedelta(days=1))
    return reread(claim)
