"""The mail server and the SMS gateway of these tests: what they took, when, and bad days of their own."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.notices.fake_gateway import FakeMailServer, FakeSmsGateway

_CODE = re.compile(r"\b\d{6}\b")
_INVITATION = re.compile(r"/ru/i/([\w-]+)")


class Partners:
    """Both at once; texts are kept per receiver, oldest first."""

    def __init__(self) -> None:
        self.mail = FakeMailServer()
        self.sms = FakeSmsGateway()
        self._said = threading.Lock()

    @contextmanager
    def serving(self) -> Iterator["Partners"]:
        with self.mail.serving(), self.sms.serving():
            yield self

    def texts_to(self, address: str) -> list[str]:
        """Everything that was taken for an address; an e-mail with its subject."""
        if address.startswith("+"):
            return [sms["text"] for sms in list(self.sms.taken.values()) if sms["to"] == address]
        found = []
        for mail, (_sender, receivers) in zip(list(self.mail.mails), list(self.mail.envelopes), strict=False):
            if address in receivers:
                body = mail.get_body(("plain",))
                found.append(f"{mail['Subject']}\n{body.get_content() if body else ''}")
        return found

    def codes_to(self, address: str) -> list[str]:
        """The codes that arrived, oldest first."""
        found = [_CODE.search(text) for text in self.texts_to(address)]
        return [code[0] for code in found if code]

    def invitation_to(self, address: str) -> str:
        """The token of the newest personal link; empty while there is none."""
        found = [token for text in self.texts_to(address) for token in _INVITATION.findall(text)]
        return found[-1] if found else ""

    def taken(self) -> tuple[list[str], list[str]]:
        """Ids of the messages taken: of e-mails, as often as they came, and of SMS."""
        return [mail["Message-ID"].strip("<>").split("@")[0] for mail in list(self.mail.mails)], list(self.sms.taken)

    def be_slow(self, seconds: float) -> None:
        """Think for so long about every message."""
        self.mail.slowness = seconds

    def refuse(self, times: int) -> None:
        """Put off the next few messages at both, until they `accept` again."""
        self.mail.at_rcpt.extend(["451 4.3.0 later"] * times)
        self.sms.moods.extend(["later", "close"] * times)

    def accept(self) -> None:
        """Put off nothing more: refusals left over would all fall on whoever is still waiting for a code."""
        for left_over in (self.mail.at_rcpt, self.sms.moods):
            with suppress(IndexError):  # the partner's own thread takes them, too
                while True:
                    left_over.popleft()


def wait_for(seconds: float, look: object) -> bool:
    """Look again and again until it is true; False when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if look():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False
