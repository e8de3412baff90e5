"""What a journey is made of: forms, steps, the definition of the whole, and one person's walk through it.

They refer to each other, so one module holds them. The position is never stored. It follows from what is proven: the
current step is the first that is asked and not met.
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
    on_nothing,
)
from mypolis.foundation.journeys.definitions.outcomes import Outcome, Status
from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.markets import Profile, market
from mypolis.foundation.markets.profile import Channel, Text
from mypolis.foundation.web.fields import UNSAFE, DrawnField

LONGEST_KEPT = 400


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


class StepForm(forms.Form):
    """A form that knows whose journey it stands in. Judges values; writes nothing."""

    def __init__(self, data: Mapping[str, object] | None = None, *, walk: Walk) -> None:
        self.walk = walk
        here = walk.current
        kept = walk.answers.get(here.name) if here else None
        super().__init__(cast("Any", data), initial=dict(kept.typed) if kept else None)
        self.mark_required = walk.profile.marks_required
        self.arrange()

    @property
    def content_policy(self) -> dict[str, Sequence[str]] | None:
        """The content security policy of a page with this form; None for that of every page. For subclasses."""
        return None

    def arrange(self) -> None:
        """Last touches that depend on the walk: read-only values, choices, documents. For subclasses."""

    @property
    def drawn(self) -> dict[str, DrawnField]:
        """The fields, as the fields that they all are."""
        return cast("dict[str, DrawnField]", self.fields)

    def unreadable(self) -> list[FieldError]:
        """Answers in JSON that no field here has, or not of their field's JSON type. A page sends text only."""
        if isinstance(self.data, QueryDict):
            return []
        return [error for name, value in self.data.items() if (error := self._misfit(name, value)) is not None]

    def _misfit(self, name: str, value: object) -> FieldError | None:
        field = self.drawn.get(name)
        if field is None:
            return FieldError(name[:100], "unknown_field", _("There is no such field here."))
        if not isinstance(value, bool if field.json_type == "boolean" else str):
            return FieldError(name, "wrong_type", _("This value is not of the right type."))
        if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
            return FieldError(name, "unsafe", UNSAFE)  # half a sign: JSON can carry it, nothing can keep it
        return None

    def typed(self) -> Facts:
        """What the person typed, for showing again; nothing secret, nothing endless."""
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
        """The cleaned values as plain data, secrets included: for `check`, never to be stored as is."""
        return {name: as_json(value) for name, value in self.cleaned_data.items()}

    def without_secrets(self, clean: Facts) -> Facts:
        """The part of a clean answer that may be kept."""
        return {name: value for name, value in clean.items() if name in self.fields and not self.drawn[name].secret}

    def field_errors(self) -> list[FieldError]:
        """Every error with its field ("" for the form), code and sentence."""
        return [
            FieldError("" if name == "__all__" else name, error.code or "invalid", " ".join(error.messages))
            for name, errors in self.errors.as_data().items()
            for error in errors
        ]

    def add_refusal(self, errors: tuple[FieldError, ...]) -> None:
        """Show errors found beyond the form's own judgement; those of absent fields go to the top."""
        if not self.is_bound or self.errors:
            return
        for error in errors:
            self.add_error(
                error.field if error.field in self.fields else None,
                forms.ValidationError(str(error.message), error.code),
            )


def as_json(value: object) -> Json:
    """A cleaned value as the row can keep it."""
    if isinstance(value, date):
        return value.isoformat()
    return cast("Json", value)
