"""The insurer's core system in end-to-end tests: a program that reads claims, asks, decides and reports payments."""

from datetime import UTC, datetime
from typing import Any

import httpx

from tests.e2e.walking.running import Demo


class CoreSystem:
    """Calls the partner API of one market with a token that an operator issued."""

    def __init__(self, demo: Demo, market: str) -> None:
        rights = ("--may", "claims", "--may", "claim-decisions")
        token = demo.run("partners", "token", "core", "--market", market, *rights, "--days", "30", "--by", "staff:olga")
        base = f"{demo.url}/api/v1/{market}/partner"
        self._client = httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token.strip()}"})

    def claim(self, number: str) -> dict[str, Any]:
        """A claim as it is now."""
        place, is_last = "", False
        while not is_last:
            page = self._client.get("claims", params={"changed_after": place}).raise_for_status().json()
            found: list[dict[str, Any]] = [one for one in page["claims"] if one["number"] == number]
            if found:
                return found[0]
            place, is_last = page["next"], page["is_last"]
        raise AssertionError(f"the core system does not know {number}")

    def ask(self, number: str, text: str, document: str) -> None:
        """Ask the member for a paper."""
        self._post(number, "information-request", {"id": f"q-{number}", "text": text, "document": document})

    def pay_in_full(self, number: str) -> None:
        """Decide that everything is paid, and report that the bank has paid it."""
        lines = [{"line": one["id"], "granted": one["amount"]} for one in self.claim(number)["lines"]]
        now = datetime.now(UTC).isoformat()
        payment = {"state": "paid", "at": now}
        body = {"id": f"d-{number}", "at": now, "outcome": "approved", "lines": lines, "payment": payment}
        self._post(number, "decision", body)

    def _post(self, number: str, what: str, body: dict[str, Any]) -> None:
        answer = self._client.post(f"claims/{number}/{what}", json=body)
        assert answer.is_success, answer.text
