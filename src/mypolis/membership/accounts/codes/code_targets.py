"""Where a code goes, and which limits count it. Requests by strangers never use up a member's own limits."""

from dataclasses import dataclass
from typing import Literal

from mypolis.foundation.guards.limits import Limit

# What a person has proven in the journey before the code is sent. none: nothing. match: the details of somebody on
# file, and the code goes to the contact point on file. elsewhere: the same details, but the code goes to the contact
# point that was typed. link: an invitation. new: a member wants this contact point. password: the right password.
type Proof = Literal["none", "match", "elsewhere", "link", "new", "password"]

_COUNTED_PER_ADDRESS = ("none", "match", "elsewhere")


@dataclass(frozen=True)
class Target:
    """Where a code goes, and whose tries are counted.

    - `to` is None when there is no such person; nothing differs from outside.
    - `subject` is the person in question. Codes per day are counted for it and for the contact point.
    - `shown` is what the page may show of the contact point: masked, or in full with `in_full` (a new contact point
      that was typed here, so that the person can spot a mistake).
    - `device` is a known device of the same account.
    - `proof` is what was proven before. Codes and tries are counted apart for each proof and each known device.
    - `quiet` is true when a stranger must not learn whether the person exists: no count or message depends on `to`.
    - `opens` names what the codes of several journeys give access to (an account); their tries are counted together.
    - `typed` is true when the person typed `to` in this journey and so may learn that nothing arrives there.
    - `at_most` is an extra limit on codes from this subject to this contact point, which may belong to a stranger.
    """

    to: str | None
    subject: str
    shown: str = ""
    device: int | None = None
    proof: Proof = "match"
    quiet: bool = False
    opens: str = ""
    typed: bool = False
    in_full: bool = False
    at_most: Limit | None = None

    @property
    def budget(self) -> str:
        """The key under which codes are counted together. Codes to a new contact point do not count per device."""
        return self.proof if self.device is None or self.proof == "new" else f"device:{self.device}"

    @property
    def of_subject(self) -> str:
        """The key of the subject under which codes per day are counted."""
        return f"{self.budget}:{self.subject}"

    @property
    def whose(self) -> str:
        """The person or account that the code is for, as messages name them; empty if nobody is known yet."""
        kind, _colon, key = self.subject.partition(":")
        rows = {"account": "accounts.account", "person": "people.person"}
        return f"{rows[kind]}:{key}" if kind in rows and key.isdecimal() else ""

    @property
    def of_contact(self) -> str:
        """The key of the contact point under which codes per day are counted."""
        return f"{self.budget}:{self.to or f'nobody:{self.subject}'}"

    @property
    def line(self) -> str:
        """The key of a waiting line: codes with the same key share one waiting time, even across journeys."""
        return self.of_subject if self.quiet else self.of_contact

    @property
    def at_once(self) -> int:
        """How many codes that nobody has entered yet do not make a new journey wait.

        One for a person who has proven something (they may use another tab or device); none for a stranger.
        """
        return 0 if self.budget == "none" else 1

    @property
    def counts_for_address(self) -> bool:
        """Whether the code counts for the caller's network address; not for a right password or a known device."""
        return self.budget in _COUNTED_PER_ADDRESS
