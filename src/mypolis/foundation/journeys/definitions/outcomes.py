"""The outcome of a journey, the secrets of a new session, and the state of a one-time code."""

from dataclasses import dataclass, field
from datetime import datetime

from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.markets.profile import Channel, Text


@dataclass(frozen=True)
class Grant:
    """The secrets of a new session. Only the response that finishes the journey contains them."""

    access_token: str
    device_token: str


@dataclass(frozen=True)
class Outcome:
    """How a journey ended: the public `result`, texts for the last page, and the grant if it opened a session.

    `then` is the address of the page that comes next in a browser, instead of the last page.
    """

    result: Facts
    title: Text
    text: Text = ""
    shows: Facts = field(default_factory=dict)
    grant: Grant | None = None
    then: str = ""


@dataclass(frozen=True)
class Status:
    """The state of a code: how it was sent, seconds until it can be sent again, tries left, when it expires.

    - `undeliverable`: it did not arrive. Only reported for a contact point that the person typed themselves.
    - `app`: a code of the member's authenticator app is accepted too, and none is sent until the member asks for it.
    - `sent`: a code of this journey was sent and can be entered.
    - `locked_until`: no code is accepted before this time.
    - `no_codes_until`: no code is sent before this time.
    - `held_up`: a sentence about the two times before; empty if neither is set.
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
        """Whether a code can be entered now."""
        return self.locked_until is None and (self.sent or self.app)

    @property
    def sends_codes(self) -> bool:
        """Whether another code can be sent, now or after `resend_after`."""
        return self.locked_until is None and self.no_codes_until is None
