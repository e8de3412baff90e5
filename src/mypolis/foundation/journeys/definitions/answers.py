"""Answers as plain values. They are stored in a journey's row, and the conditions of steps read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mypolis.foundation.markets.profile import Text

type Json = str | int | bool | list[Json] | dict[str, Json] | None
type Facts = dict[str, Json]


@dataclass(frozen=True)
class Answer:
    """The answer to one step: as typed (without secrets), cleaned, and the facts that `Step.check` returned.

    `basis` is what `Step.depends_on` returned when the step was answered. Going back to a step sets `met` to false.
    """

    typed: Facts = field(default_factory=dict)
    clean: Facts = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    basis: Json = None
    met: bool = True


type Answers = Mapping[str, Answer]

ENTRY = "entry"  # the key under which the facts from the start are stored: the way, a personal link, a device


def always(answers: Answers) -> bool:
    """The default of `Step.asked`: everybody gets the step."""
    return True


def on_no_answer(answers: Answers) -> Json:
    """The default of `Step.depends_on`: the answer depends on no earlier one."""
    return None


@dataclass(frozen=True)
class FieldError:
    """One error: the field's name ("" for the whole form), a stable code, a sentence for the person."""

    field: str
    code: str
    message: Text


def gone_back(name: str, answers: Answers) -> dict[str, Answer]:
    """Return the answers with one step open again. What was typed there is kept."""
    answer = answers.get(name)
    return dict(answers) if answer is None else {**answers, name: replace(answer, met=False)}


def clean_of(answers: Answers, step: str) -> Facts:
    """Return the cleaned answer of a step; empty if it was never answered."""
    return answers[step].clean if step in answers else {}


def facts_of(answers: Answers, step: str) -> Facts:
    """Return the facts found by checking a step; empty if it was never answered."""
    return answers[step].facts if step in answers else {}


def answers_from_json(stored: dict[str, dict[str, Json]] | None) -> dict[str, Answer]:
    """Read the answers from the form in which the row stores them."""
    return {name: Answer(**parts) for name, parts in (stored or {}).items()}  # type: ignore[arg-type]


def answers_to_json(answers: Answers) -> dict[str, dict[str, Json]]:
    """Return the answers in the form in which the row stores them."""
    return {name: dict(vars(answer)) for name, answer in answers.items()}
