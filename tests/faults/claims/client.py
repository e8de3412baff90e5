"""A member's app that makes one claim with files and, like real ones, continues after whatever failed."""

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from tests.faults.claims.members import Member, Paper
from tests.faults.clients import Asker, Untrue, expect, judge
from tests.faults.world import World
from tests.uploads.tus_client import PIECES, VERSION, metadata

PIECE = 16 * 1024
BILL = "150.00"


class Cut(Exception):
    """The phone lost its network in the middle of a request."""


class Claimant(Asker):
    """One claim. `number` and `files` (digest and size by id) are what the portal acknowledged.

    Tests disturb it at certain points: `before_sending` is called when all files are there, and a subclass changes
    `on_bytes(sent)`, which is called before each piece of a file is sent, and may raise Cut.
    """

    def __init__(self, world: World, member: Member, papers: list[Paper]) -> None:
        super().__init__(world, f"member {member.number}", Authorization=f"Bearer {member.token}")
        self.member, self.papers = member, papers
        self.claim, self.number = "", ""
        self.files: dict[str, tuple[str, int]] = {}
        self.resumed = 0
        self.before_sending: Callable[[], object] = lambda: None

    def make(self) -> None:
        """Continue until the claim is acknowledged. Raises Untrue, or TimeoutError if it takes too long."""
        self._deadline = time.monotonic() + self.patience
        draft = self._begin()
        self._save(draft)
        for paper in self.papers:
            self._upload(paper)
        self.before_sending()
        self._send()

    @property
    def headers(self) -> httpx.Headers:
        """What it says with every request."""
        return self._http.headers

    def on_bytes(self, sent: int) -> None:
        """Called before each piece of a file, with the number of bytes that this request sent so far."""

    def served(self, file: str) -> httpx.Response:
        """Return the file as people get it."""
        self._deadline = time.monotonic() + self.patience
        return self._ask("GET", f"/api/v1/id/claims/{self.claim}/files/{file}?full=1")

    def _begin(self) -> dict[str, Any]:
        body = {"for": self.member.membership, "benefit": "doctor"}
        answer = self._ask("POST", "/api/v1/id/claims", json=body)
        expect(answer, 201)
        draft: dict[str, Any] = answer.json()
        self.claim = draft["id"]
        return draft

    def _save(self, draft: dict[str, Any]) -> None:
        bill = {"date": self.member.treated_on, "benefit": "doctor", "amount": BILL, "currency": "IDR"}
        fields = {
            "treated_on": self.member.treated_on,
            "provider": "Klinik Melati",
            "diagnosis": "batuk",
            "pay_to": self.member.pay_to,
            "lines": [bill],
        }
        address = f"/api/v1/id/claims/{self.claim}"
        answer = self._ask("PATCH", address, json=fields, headers={"If-Match": f'"{draft["version"]}"'})
        if answer.status_code == 412:  # an earlier attempt was carried out, and only its answer was lost
            saved = self._ask("GET", address).json()
            if len(saved["lines"]) != 1 or saved["provider"] != fields["provider"]:
                raise Untrue(f"half saved: {saved}")
            return
        expect(answer, 200)

    def _upload(self, paper: Paper) -> None:
        told = metadata(filename=paper.name, claim=self.claim, document=paper.kind)
        headers = {**VERSION, "Upload-Length": str(len(paper.content)), "Upload-Metadata": told}
        created = self._ask("POST", "/api/v1/id/uploads", headers=headers)
        expect(created, 201)
        address, offset = created.headers["Location"], 0
        while offset < len(paper.content):
            self._require_time()
            reached = self._sent(address, paper.content, offset)
            if reached is None:
                self.resumed += 1
                time.sleep(0.2)
                reached = self._offset(address)
            if reached < offset:
                raise Untrue(f"{reached} of {offset} acknowledged bytes are left")
            offset = reached
        self.files[address.rpartition("/")[2]] = (hashlib.sha256(paper.content).hexdigest(), len(paper.content))

    def _sent(self, address: str, content: bytes, offset: int) -> int | None:
        """Send the bytes from the offset on. Returns the offset in the answer; None without an answer that has one."""
        headers = {
            **VERSION,
            "Content-Type": PIECES,
            "Upload-Offset": str(offset),
            "Content-Length": str(len(content) - offset),
        }
        try:
            answer = self._http.patch(address, content=self._pieces(content, offset), headers=headers)
        except (httpx.TransportError, Cut):
            return None
        if answer.status_code == 204:
            return int(answer.headers["Upload-Offset"])
        if answer.status_code >= 500:
            judge(answer)
        elif answer.status_code not in (409, 423):
            raise Untrue(f"{answer.status_code}: {answer.text[:300]}")
        return None

    def _pieces(self, content: bytes, offset: int) -> Iterator[bytes]:
        for start in range(offset, len(content), PIECE):
            self.on_bytes(start - offset)
            yield content[start : start + PIECE]

    def _offset(self, address: str) -> int:
        answer = self._ask("HEAD", address, headers=VERSION)
        expect(answer, 200)
        return int(answer.headers["Upload-Offset"])

    def _send(self) -> None:
        answer = self._ask("POST", f"/api/v1/id/claims/{self.claim}/submit", json={})
        expect(answer, 200)
        sent = answer.json()
        files = {file["id"]: (file["sha256"], file["size"]) for paper in sent["documents"] for file in paper["files"]}
        if files != self.files:
            raise Untrue(f"the acknowledgement has other files than were sent: {files} {self.files}")
        self.number = sent["number"]
