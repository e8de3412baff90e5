"""Steps, definitions, forms of steps, and one person's walk through a journey.

These classes refer to each other, so they are in one module. The position in a journey is never stored: the current
step is the first step of the person's path that has no valid answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.journeys.definitions.answers import (
    ENTRY,
    Answer,
    Answers,
    Facts,
    FieldError,
    Json,
    always,
    clean_of,
    facts_of,
    on_no_answer,
)
from mypolis.foundation.journeys.definitions.outcomes import Outcome, Status
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.markets import Profile, market
from mypolis.foundation.markets.profile import Channel, Text
from mypolis.foundation.web.form_fields.fields import UNSAFE, DrawnField

LONGEST_KEPT = 400


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of a journey, and one document of the API.

    - `asked(answers)`: whether this person gets the step.
    - `depends_on(answers)`: the value on which the answer depends. If it changes, the answer is void.
    - `check(walk, clean)`: validates the clean answer beyond the form, and returns facts to store or raises `Refused`.
    - `still_true(walk)`: whether the facts of `check` are still true. It is called before each later answer.
    - `enter(walk)`: what must happen when the person reaches the step, such as sending a code; `resend` does it again.
      Both can return facts to store.
    - `status(walk)`: the state of the step's code.
    - `shows(walk)`: further facts for the page.
    - `knows`, `proves`: the channels for which the step finds, or proves, a contact point; for `mypolis check`.
    """

    name: str
    form: type[StepForm]
    title: Text | Callable[[Walk], Text]
    help: Text | Callable[[Walk], Text] = ""
    button: Text
    template: str = "journeys/step.html"
    asked: Callable[[Answers], bool] = always
    depends_on: Callable[[Answers], Json] = on_no_answer
    check: Callable[[Walk, Facts], Facts] | None = None
    enter: Callable[[Walk], Facts | None] | None = None
    resend: Callable[[Walk], Facts | None] | None = None
    status: Callable[[Walk], Status] | None = None
    still_true: Callable[[Walk], bool] | None = None
    shows: Callable[[Walk], Facts] | None = None
    knows: frozenset[Channel] = frozenset()
    proves: frozenset[Channel] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A journey of one market: its steps in order and what happens at the end.

    - `ways`: the ways that this definition serves. The first is the default.
    - `asks_way`: the step and its field that ask for the way, if a journey can start without one.
    - `for_members`: only signed-in members can do it, and each continues only their own journeys.
    - `about`: for whom it is and what to have ready, for the market's first page.
    - `begin(walk, entry)`: returns facts from what the journey starts with, such as a personal link or a device. They
      are stored under `entry`.
    - `link`: the name of the fact from `begin` that identifies a personal link.
    - `no_match`: the one sentence for every failed match.
    - `finish(walk)`: acts, in the transaction of the last answer.
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
        """A hash of the steps and their fields. A journey that was started with another version counts as expired."""
        shape = [(step.name, sorted(step.form.base_fields)) for step in self.steps]
        return hashlib.sha256(repr(shape).encode()).hexdigest()[:16]

    def path(self, answers: Answers) -> list[Step]:
        """Return the steps that this person gets, in order."""
        return [step for step in self.steps if step.asked(answers)]

    def current(self, answers: Answers) -> Step | None:
        """Return the first step without a valid answer, or None."""
        return next((step for step in self.path(answers) if not is_met(step, answers)), None)

    def reached(self, answers: Answers) -> list[Step]:
        """Return the answered steps and the current one. The person must not learn of any further step."""
        path = self.path(answers)
        here = self.current(answers)
        return path if here is None else path[: path.index(here) + 1]

    def named(self, name: str) -> bool:
        """Whether a step has this name."""
        return any(step.name == name for step in self.steps)


def is_met(step: Step, answers: Answers) -> bool:
    """Whether a step has an answer, and what the answer depends on has not changed."""
    answer = answers.get(step.name)
    return answer is not None and answer.met and answer.basis == step.depends_on(answers)


def answered(step: Step, answers: Answers, *, typed: Facts, clean: Facts, facts: Facts) -> dict[str, Answer]:
    """Return the answers with this step's answer added."""
    basis = step.depends_on(answers)
    return {**answers, step.name: Answer(typed=typed, clean=clean, facts=facts, basis=basis)}


@dataclass
class Walk:
    """A journey during one request. The functions of steps read it; only `journeys.flows` changes it.

    `has_begun` is false if the page shows a first step that nobody has answered yet. In `found`, functions of steps
    can keep what others need in the same request.
    """

    journey: Journey
    definition: Definition
    answers: Answers
    by: Actor
    outcome: Outcome | None = None
    departure: str = ""  # the URL of the other site, if this answer starts a visit there
    has_begun: bool = True
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        """The market's profile."""
        return market(self.journey.market)

    @property
    def current(self) -> Step | None:
        """The step to answer now; None if the journey is finished."""
        return None if self.journey.finished_at is not None else self.definition.current(self.answers)

    @property
    def way(self) -> str:
        """The way with which the journey started, or else the one chosen on a step."""
        step, field = self.definition.asks_way or ("", "")
        return self.journey.way or str(clean_of(self.answers, step).get(field) or "")

    @property
    def state(self) -> str:
        """`open`, `done` or `expired`. An open journey whose definition has changed is expired."""
        state = self.journey.state_at(timezone.now())
        return "expired" if state == "open" and self.journey.version != self.definition.version else state

    @property
    def member(self) -> str:
        """The key of the account that owns a journey for members. After the end, the result contains it."""
        return str(self.entry("member") or self.account)

    @property
    def account(self) -> str:
        """The key of the account in a finished journey's result; "" if there is none."""
        ended: Any = (self.journey.result or {}).get("result", {})
        return str(ended.get("account", {}).get("id", ""))

    @property
    def is_vouched(self) -> bool:
        """Whether it began with a personal link. Limits for the IP address do not apply to it."""
        return bool(self.definition.link and self.entry(self.definition.link))

    @property
    def has_proof(self) -> bool:
        """Whether the person entered a code before the current step, and so proved that a contact point is theirs.

        After going back to the first page this is false: what is typed there is not proven.
        """
        path, here = self.definition.path(self.answers), self.current
        before = path if here is None else path[: path.index(here)]
        return any(step.proves and is_met(step, self.answers) for step in before)

    def clean(self, step: str, name: str) -> Json:
        """Return one cleaned value of a step's answer, or None."""
        return clean_of(self.answers, step).get(name)

    def fact(self, step: str, name: str) -> Json:
        """Return one fact found by checking a step, or None."""
        return facts_of(self.answers, step).get(name)

    def row(self, step: str, name: str) -> int:
        """Return a fact that is the primary key of a row; 0, which no row has, if it is absent."""
        key = self.fact(step, name)
        return key if isinstance(key, int) else 0

    def entry(self, name: str) -> Json:
        """Return one fact with which the journey started, or None."""
        return self.fact(ENTRY, name)


class StepForm(forms.Form):
    """The base class of the forms of steps. It has the walk, validates values and writes nothing."""

    def __init__(self, data: Mapping[str, object] | None = None, *, walk: Walk) -> None:
        self.walk = walk
        here = walk.current
        kept = walk.answers.get(here.name) if here else None
        super().__init__(cast("Any", data), initial=dict(kept.typed) if kept else None)
        self.mark_required = walk.profile.marks_required
        self.arrange()

    @property
    def content_policy(self) -> dict[str, Sequence[str]] | None:
        """The content security policy of a page with this form; None for the usual one. For subclasses."""
        return None

    def arrange(self) -> None:
        """Adapt fields to the walk: read-only values, choices, documents. For subclasses."""

    @property
    def drawn(self) -> dict[str, DrawnField]:
        """The fields, with their type."""
        return cast("dict[str, DrawnField]", self.fields)

    def unreadable(self) -> list[FieldError]:
        """Return errors for JSON values without a field, or of the wrong JSON type. Pages send only text."""
        if isinstance(self.data, QueryDict):
            return []
        return [error for name, value in self.data.items() if (error := self._misfit(name, value)) is not None]

    def _misfit(self, name: str, value: object) -> FieldError | None:
        field = self.drawn.get(name)
        if field is None:
            return FieldError(name[:100], "unknown_field", _("There is no such field here."))
        if not isinstance(value, bool if field.json_type == "boolean" else str):
            return FieldError(name, "wrong_type", _("This value is not of the right type."))
        if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
            return FieldError(name, "unsafe", UNSAFE)  # half of a surrogate pair: JSON allows it, it cannot be stored
        return None

    def typed(self) -> Facts:
        """Return what the person typed, to show it again: without secrets, and with a maximum length."""
        kept: Facts = {}
        cleaned = getattr(self, "cleaned_data", {})
        for name, drawn in self.drawn.items():
            if drawn.secret or drawn.disabled:
                continue
            value = self[name].data
            if isinstance(value, list):
                boxes: list[Json] = [str(part or "")[:LONGEST_KEPT] for part in value]
                if any(boxes):
                    kept[name] = as_json(cleaned[name]) if name in cleaned else boxes
            elif isinstance(value, bool):
                kept |= {name: True} if value else {}
            elif value is not None:
                kept[name] = str(value)[:LONGEST_KEPT]
        return kept

    def clean_json(self) -> Facts:
        """Return the cleaned values as plain data, with secrets. For `check`; do not store them."""
        return {name: as_json(value) for name, value in self.cleaned_data.items()}

    def without_secrets(self, clean: Facts) -> Facts:
        """Return the part of a clean answer that may be stored."""
        return {name: value for name, value in clean.items() if name in self.fields and not self.drawn[name].secret}

    def field_errors(self) -> list[FieldError]:
        """Return every error with its field ("" for the form), code and sentence."""
        return [
            FieldError("" if name == "__all__" else name, error.code or "invalid", " ".join(error.messages))
            for name, errors in self.errors.as_data().items()
            for error in errors
        ]

    def add_refusal(self, errors: tuple[FieldError, ...]) -> None:
        """Add errors that `check` found. Errors of fields that this form does not have go to the top."""
        if not self.is_bound or self.errors:
            return
        for error in errors:
            self.add_error(
                error.field if error.field in self.fields else None,
                forms.ValidationError(str(error.message), error.code),
            )


def as_json(value: object) -> Json:
    """Return a cleaned value in a form that the row can store."""
    if isinstance(value, date):
        return value.isoformat()
    return cast("Json", value)
