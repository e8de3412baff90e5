"""What a journey is: an ordered tuple of steps, declared as data; and the pure rules of position.

The position is never stored. It follows from what is proven: the current step is the first that is asked and not met.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from mypolis.foundation.markets.profile import Channel, Text

if TYPE_CHECKING:
    from mypolis.foundation.journeys.forms import StepForm
    from mypolis.foundation.journeys.walk import Outcome, Status, Walk

type Json = str | int | bool | list[Json] | dict[str, Json] | None
type Facts = dict[str, Json]


@dataclass(frozen=True)
class Answer:
    """What one step was answered: as typed (never a secret), cleaned, and what checking it found out.

    `basis` is what the answer rested on when it was given; `met` falls when the person goes back to the step.
    """

    typed: Facts = field(default_factory=dict)
    clean: Facts = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    basis: Json = None
    met: bool = True


type Answers = Mapping[str, Answer]

ENTRY = "entry"  # the pseudo-step that holds what the journey started with: its way, a personal link, a device


def always(answers: Answers) -> bool:
    """Asked of everybody."""
    return True


def on_nothing(answers: Answers) -> Json:
    """Rests on no earlier answer."""
    return None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of a journey, and one document of the API.

    `asked` says from the answers whether this person meets the step. `rests_on` names what its answer rests on: when
    that changes, the answer is void. `check` judges a clean answer against the world and returns facts to keep, or
    raises `Refused`. `stands` is asked at every later answer whether what `check` found is still so. `enter` does what
    showing the step needs (send the code), once, and `resend` does it again; both may return facts. `status` tells
    about a code. `knows` and `proves` are the channels that the step finds or proves, for `mypolis check`.
    """

    name: str
    form: type[StepForm]
    title: Text | Callable[[Walk], Text]
    help: Text | Callable[[Walk], Text] = ""
    button: Text
    template: str = "journeys/step.html"
    asked: Callable[[Answers], bool] = always
    rests_on: Callable[[Answers], Json] = on_nothing
    check: Callable[[Walk, Facts], Facts] | None = None
    enter: Callable[[Walk], Facts | None] | None = None
    resend: Callable[[Walk], Facts | None] | None = None
    status: Callable[[Walk], Status] | None = None
    stands: Callable[[Walk], bool] | None = None
    shows: Callable[[Walk], Facts] | None = None
    knows: frozenset[Channel] = frozenset()
    proves: frozenset[Channel] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A journey of one market: its steps in order and what happens at the end.

    `ways` are the ways in that this definition serves; the first is taken if none is named. `asks_way` is for a journey
    that may start without one: the step, and its field, that asks for it. `about` says on the market's first page for
    whom it is and what to have ready. `begin` turns what a journey starts with (a personal link, a device) into facts
    kept under `entry`; `link` names the fact that is the key of the link's row. `no_match` is the one sentence for
    every match that fails. Only signed-in members walk a journey `for_members`, each their own. `finish` acts, in a
    transaction.
    """

    market: str
    kind: str
    ways: tuple[str, ...] = ("",)
    asks_way: tuple[str, str] | None = None
    for_members: bool = False
    title: Text
    about: Text = ""
    steps: tuple[Step, ...]
    finish: Callable[[Walk], Outcome]
    begin: Callable[[Walk, Facts], Facts] | None = None
    link: str = ""
    no_match: Text = ""
    last_template: str = "journeys/done.html"

    @cached_property
    def version(self) -> str:
        """Changes with the steps and their fields: a journey that began under another one ends."""
        shape = [(step.name, sorted(step.form.base_fields)) for step in self.steps]
        return hashlib.sha256(repr(shape).encode()).hexdigest()[:16]

    def path(self, answers: Answers) -> list[Step]:
        """The steps that this person meets, in order."""
        return [step for step in self.steps if step.asked(answers)]

    def current(self, answers: Answers) -> Step | None:
        """The first step that is not met; None when there is none left."""
        return next((step for step in self.path(answers) if not is_met(step, answers)), None)

    def reached(self, answers: Answers) -> list[Step]:
        """The steps met and the current one: all that the person may know of the path."""
        path = self.path(answers)
        here = self.current(answers)
        return path if here is None else path[: path.index(here) + 1]

    def named(self, name: str) -> bool:
        """Whether any step bears this name."""
        return any(step.name == name for step in self.steps)


def is_met(step: Step, answers: Answers) -> bool:
    """Whether a step has an answer that still rests on what it rested on when it was given."""
    answer = answers.get(step.name)
    return answer is not None and answer.met and answer.basis == step.rests_on(answers)


def answered(step: Step, answers: Answers, *, typed: Facts, clean: Facts, facts: Facts) -> dict[str, Answer]:
    """The answers with this step's added."""
    basis = step.rests_on(answers)
    return {**answers, step.name: Answer(typed=typed, clean=clean, facts=facts, basis=basis)}


def gone_back(name: str, answers: Answers) -> dict[str, Answer]:
    """The answers with one step open again; what was typed there stays."""
    answer = answers.get(name)
    return dict(answers) if answer is None else {**answers, name: replace(answer, met=False)}


def clean_of(answers: Answers, step: str) -> Facts:
    """The cleaned answer of a step; empty when it was never answered."""
    return answers[step].clean if step in answers else {}


def facts_of(answers: Answers, step: str) -> Facts:
    """What checking a step found out; empty when it was never answered."""
    return answers[step].facts if step in answers else {}
