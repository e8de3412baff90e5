"""Assessors with browsers, and what they do on the pages of the claims desk."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from mypolis.foundation.rooms import Role
from mypolis.insurance.claims.desk.outcomes.waiting import record_waiting
from mypolis.insurance.claims.models import AssessmentDraft, Claim, WaitingDecision
from tests.staff.world import Colleague, at_desk, colleague


@dataclass(frozen=True)
class Assessor:
    """A colleague with a browser in which they are signed in."""

    colleague: Colleague
    browser: Client
    market: str

    def page(self, claim: Claim, name: str = "", **query: str) -> HttpResponse:
        """Open a page of a claim."""
        return self._answer(self.browser.get(self.address(claim, name), query))

    def text(self, claim: Claim, name: str = "", **query: str) -> str:
        """What a page of a claim says, which must open."""
        answer = self.page(claim, name, **query)
        assert answer.status_code == 200
        return words(answer)

    def does(self, claim: Claim, name: str, **fields: Any) -> HttpResponse:
        """Send a form of a claim's pages."""
        return self._answer(self.browser.post(self.address(claim, name), fields))

    def takes(self, claim: Claim) -> None:
        """Take a claim in hand."""
        assert self.does(claim, "take").status_code == 302

    def decides(self, claim: Claim) -> HttpResponse:
        """Read what the member will read, decide, and let the time pass in which that can be taken back."""
        answer = self.enters(claim)
        for waiting in WaitingDecision.objects.filter(claim=claim):
            record_waiting(waiting.pk)
        return answer

    def enters(self, claim: Claim) -> HttpResponse:
        """Read what the member will read, and decide; it can still be taken back."""
        return self.does(claim, "decision", **self.reads(claim))

    def reads(self, claim: Claim) -> dict[str, str]:
        """Read what the member will read. Returns the fields with which to decide so."""
        page = self.page(claim, "decision").content.decode()
        return dict(re.findall(r'name="(version|previewed)" value="([^"]*)"', page))

    def types(self, claim: Claim, **fields: str) -> HttpResponse:
        """Type about the first line of a claim."""
        line = claim.lines.earliest("place").pk
        version = AssessmentDraft.objects.get(claim=claim).version
        return self.does(claim, f"lines/{line}", **{"version": str(version), **fields})

    def address(self, claim: Claim, name: str = "") -> str:
        """The address of a page of a claim."""
        return f"/desk/{self.market}/claims/{claim.number}/{f'{name}/' if name else ''}"

    def _answer(self, answer: Any) -> HttpResponse:
        assert isinstance(answer, HttpResponse)
        return answer


def assessor(name: str, *roles: Role, market: str = "id") -> Assessor:
    """Somebody who assesses claims, signed in."""
    found = colleague(name, *(roles or ("assessor",)), market=market)
    return Assessor(found, at_desk(found), market)


def words(answer: HttpResponse) -> str:
    """What a page says, in one line without tags."""
    bare = re.sub(r"<(script|template).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(bare).split())
