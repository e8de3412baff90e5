"""The mail server and SMS gateway of these tests: what they accepted, and how tests make them fail."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.notices.fake_gateway import FakeMailServer, FakeSmsGateway

_CODE = re.compile(r"\b\d{6}\b")
_INVITATION = re.compile(r"/ru/i/([\w-]+)")


class Partners:
    """Both partners. Texts are kept per recipient, oldest first."""

    def __init__(self) -> None:
        self.mail = FakeMailServer()
        self.sms = FakeSmsGateway()
        self._said = threading.Lock()

    @contextmanager
    def serving(self) -> Iterator["Partners"]:
        with self.mail.serving(), self.sms.serving():
            yield self

    def texts_to(self, address: str) -> list[str]:
        """Return all texts that were accepted for an address; of an e-mail with its subject."""
        if address.startswith("+"):
            return [sms["text"] for sms in list(self.sms.taken.values()) if sms["to"] == address]
        found = []
        for mail, (_sender, receivers) in zip(list(self.mail.mails), list(self.mail.envelopes), strict=False):
            if address in receivers:
                body = mail.get_body(("plain",))
                found.append(f"{mail['Subject']}\n{body.get_content() if body else ''}")
        return found

    def codes_to(self, address: str) -> list[str]:
        """Return the codes that arrived, oldest first."""
        found = [_CODE.search(text) for text in self.texts_to(address)]
        return [code[0] for code in found if code]

    def invitation_to(self, address: str) -> str:
        """Return the token of the newest personal link; "" if there is none yet."""
        found = [token for text in self.texts_to(address) for token in _INVITATION.findall(text)]
        return found[-1] if found else ""

    def taken(self) -> tuple[list[str], list[str]]:
        """Return the ids of accepted messages: of e-mails as often as they arrived, and of SMS."""
        return [mail["Message-ID"].strip("<>").split("@")[0] for mail in list(self.mail.mails)], list(self.sms.taken)

    def be_slow(self, seconds: float) -> None:
        """Delay every response by so many seconds."""
        self.mail.slowness = seconds

    def refuse(self, times: int) -> None:
        """Refuse the next few messages temporarily at both partners, until `accept` is called."""
        self.mail.at_rcpt.extend(["451 4.3.0 later"] * times)
        self.sms.moods.extend(["later", "close"] * times)

    def accept(self) -> None:
        """Accept messages again. Remaining refusals would all affect people who still wait for a code."""
        for left_over in (self.mail.at_rcpt, self.sms.moods):
            with suppress(IndexError):  # the partner's thread also removes them
                while True:
                    left_over.popleft()


def wait_for(seconds: float, look: object) -> bool:
    """Call `look` until it returns true. Returns False after the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if look():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False
