"""What comes of a journey: how it ended, the secrets of a new session, and what there is to know of a code."""

from dataclasses import dataclass, field
from datetime import datetime

from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.markets.profile import Channel, Text


@dataclass(frozen=True)
class Grant:
    """What only the answer that finished the journey carries: the secrets of a new session."""

    access_token: str
    device_token: str


@dataclass(frozen=True)
class Outcome:
    """How a journey ended: the public `result`, texts for the last page, and, when signed in, the grant."""

    result: Facts
    title: Text
    text: Text = ""
    shows: Facts = field(default_factory=dict)
    grant: Grant | None = None


@dataclass(frozen=True)
class Status:
    """What a person should know of a code: how it was sent, seconds until a resend, tries left, end of life.

    `undeliverable`: it did not arrive where the person wanted it; told of what they typed themselves alone. `app`: the
    code of the member's authenticator app does as well, and none is sent before it is asked for. `sent`: one of this
    journey can be entered. `locked_until`: no code is taken before; `no_codes_until`: none is sent before. `held_up`
    says so in words, empty where nothing is in the way.
    """

    channel: Channel
    resend_after: int
    attempts_left: int
    expires_at: datetime | None
    undeliverable: bool = False
    app: bool = False
    sent: bool = True
    locked_until: datetime | None = None
    no_codes_until: datetime | None = None
    held_up: str = ""

    @property
    def takes_codes(self) -> bool:
        """Whether the form that asks the code works now."""
        return self.locked_until is None and (self.sent or self.app)

    @property
    def sends_codes(self) -> bool:
        """Whether another code may be asked for, if only after a while."""
        return self.locked_until is None and self.no_codes_until is None
