"""Where a code goes, and what is counted for it: what strangers ask for never spends what a member needs."""

from dataclasses import dataclass
from typing import Literal

from mypolis.foundation.guards.limits import Limit

# What a journey has shown before its code is sent. none: nothing. match: the details of somebody on file, and the code
# goes to the contact point on file. elsewhere: the same, but the code goes to what was typed. link: an invitation.
# new: a member wants this contact point. password: the right one.
type Proof = Literal["none", "match", "elsewhere", "link", "new", "password"]

_COUNTED_PER_ADDRESS = ("none", "match", "elsewhere")


@dataclass(frozen=True)
class Target:
    """Where a code goes and whose tries are counted. `to` is None where there is nobody: all looks the same.

    `subject` is who is meant: codes a day are counted for it and for the contact point. `shown` is what the page may
    show of the contact point: masked, unless `in_full` (new and typed here, so that a slip is seen). `device` is a
    device of the very account in question. `proof` is what was shown
    before; codes and tries are counted apart for each proof and for each known device. `quiet` where a stranger must
    not learn that there is somebody: nothing that is counted or told depends on `to`. `opens` names what several
    journeys' codes open alike (an account): their tries are counted together. `typed` where the person typed `to` in
    this journey, and so may be told that nothing arrives there. `at_most` limits further what this subject may have
    sent to this contact point, which may be a stranger's.
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
        """Which codes are counted together. A new contact point is not the device's own business."""
        return self.proof if self.device is None or self.proof == "new" else f"device:{self.device}"

    @property
    def of_subject(self) -> str:
        """For whom codes a day are counted."""
        return f"{self.budget}:{self.subject}"

    @property
    def of_contact(self) -> str:
        """The contact point for which codes a day are counted."""
        return f"{self.budget}:{self.to or f'nobody:{self.subject}'}"

    @property
    def line(self) -> str:
        """Codes of the same line wait for each other, whatever their journeys: those to one contact point."""
        return self.of_subject if self.quiet else self.of_contact

    @property
    def at_once(self) -> int:
        """Codes that may be on their way, not entered yet, when a new journey sends one more without waiting.

        One for somebody who has shown something, in another tab or on another device; none for a stranger.
        """
        return 0 if self.budget == "none" else 1

    @property
    def counts_for_address(self) -> bool:
        """Whether the code counts for the address that asks: not for holders of a password or a known device."""
        return self.budget in _COUNTED_PER_ADDRESS
