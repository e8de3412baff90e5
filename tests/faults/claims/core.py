"""The core system's program: reads claims as they change, and decides those that were received."""

import threading
import time
from typing import Any

from tests.faults.clients import Asker, Untrue, expect
from tests.faults.world import World

GRANTED = "100.00"
_BASE = "/api/v1/id/partner/claims"


class Core(Asker):
    """Decides claims, each under an id of its own. `decided` are the numbers whose decision was acknowledged."""

    def __init__(self, world: World, token: str) -> None:
        super().__init__(world, "the core system", Authorization=f"Bearer {token}")
        self.decided: set[str] = set()
        self._after = ""

    def decide_all(self, count: int) -> None:
        """Read and decide until so many claims are decided."""
        self._deadline = time.monotonic() + self.patience
        while len(self.decided) < count:
            self._require_time()
            page = self._ask("GET", _BASE, params={"changed_after": self._after})
            expect(page, 200)
            for claim in page.json()["claims"]:
                if claim["state"] == "received":
                    self._decide(claim)
            self._after = page.json()["next"]
            if page.json()["is_last"]:
                time.sleep(0.2)

    def _decide(self, claim: dict[str, Any]) -> None:
        lines = [{"line": line["id"], "granted": GRANTED, "reasons": ["limit_visit"]} for line in claim["lines"]]
        body = {"id": f"core-{claim['number']}", "at": claim["received_at"], "outcome": "partly_approved"}
        answer = self._ask("POST", f"{_BASE}/{claim['number']}/decision", json={**body, "lines": lines})
        expect(answer, 200)
        if answer.json()["came_to"] != "decided":
            raise Untrue(answer.text)
        self.decided.add(claim["number"])


class Deciding(threading.Thread):
    """The core system at work beside the members, until it has decided so many claims."""

    def __init__(self, core: Core, count: int) -> None:
        super().__init__(name="core", daemon=True)
        self._core, self._count = core, count
        self.failed: BaseException | None = None

    def run(self) -> None:
        """Decide, and keep what went wrong."""
        try:
            self._core.decide_all(self._count)
        except BaseException as error:
            self.failed = error

    def finish(self) -> None:
        """Wait until all is decided. Raises what went wrong."""
        self.join()
        if self.failed is not None:
            raise self.failed
