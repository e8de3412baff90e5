"""A journey being walked right now: the row, its definition, its answers, and who walks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.journeys.steps import (
    ENTRY,
    Answer,
    Answers,
    Definition,
    Facts,
    Json,
    Step,
    clean_of,
    facts_of,
    is_met,
)
from mypolis.foundation.markets import Profile, market
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


@dataclass
class Walk:
    """One journey in hand. Hooks of steps read it; only `journeys.flows` writes it.

    `has_begun` is false while nobody has answered and only a first page is shown. Hooks keep in `found` what another
    hook of the same request needs too.
    """

    journey: Journey
    definition: Definition
    answers: Answers
    by: Actor
    outcome: Outcome | None = None
    departure: str = ""  # the other site's address, for the answer that begins the visit to it
    has_begun: bool = True
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        """The market's profile."""
        return market(self.journey.market)

    @property
    def current(self) -> Step | None:
        """The step to answer now; None when the journey is finished."""
        return None if self.journey.finished_at is not None else self.definition.current(self.answers)

    @property
    def way(self) -> str:
        """The way in: the one it was started with, else the one that was chosen on a step."""
        step, field = self.definition.asks_way or ("", "")
        return self.journey.way or str(clean_of(self.answers, step).get(field) or "")

    @property
    def state(self) -> str:
        """`open`, `done` or `expired`; expired too when its definition changed meanwhile."""
        state = self.journey.state_at(timezone.now())
        return "expired" if state == "open" and self.journey.version != self.definition.version else state

    @property
    def member(self) -> str:
        """Whose journey it is, where it is one for members: the account's key, kept by its result once it ended."""
        return str(self.entry("member") or self.account)

    @property
    def account(self) -> str:
        """The key of the account of which a finished journey's result told; "" when there was none."""
        ended: Any = (self.journey.result or {}).get("result", {})
        return str(ended.get("account", {}).get("id", ""))

    @property
    def is_vouched(self) -> bool:
        """Whether it began with a personal link: its holder is never held up by others at the same address."""
        return bool(self.definition.link and self.entry(self.definition.link))

    @property
    def has_proof(self) -> bool:
        """Whether a code was entered on a step before the current one: a contact point was shown to be theirs.

        Going back to the first page takes it away: what is answered there was never proven.
        """
        path, here = self.definition.path(self.answers), self.current
        before = path if here is None else path[: path.index(here)]
        return any(step.proves and is_met(step, self.answers) for step in before)

    def clean(self, step: str, name: str) -> Json:
        """One cleaned value of a step's answer; None when absent."""
        return clean_of(self.answers, step).get(name)

    def fact(self, step: str, name: str) -> Json:
        """One fact that checking a step found out; None when absent."""
        return facts_of(self.answers, step).get(name)

    def row(self, step: str, name: str) -> int:
        """A fact that is the primary key of a row; 0, which no row has, when absent."""
        key = self.fact(step, name)
        return key if isinstance(key, int) else 0

    def entry(self, name: str) -> Json:
        """One fact that the journey started with; None when absent."""
        return self.fact(ENTRY, name)


def answers_from_json(stored: dict[str, dict[str, Json]] | None) -> dict[str, Answer]:
    """The answers as the row keeps them, as values."""
    return {name: Answer(**parts) for name, parts in (stored or {}).items()}  # type: ignore[arg-type]


def answers_to_json(answers: Answers) -> dict[str, dict[str, Json]]:
    """The answers as the row keeps them."""
    return {name: dict(vars(answer)) for name, answer in answers.items()}
