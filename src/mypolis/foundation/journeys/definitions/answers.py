"""What a person answered, as plain values: kept in a journey's row, read by the conditions of steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mypolis.foundation.markets.profile import Text

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


@dataclass(frozen=True)
class FieldError:
    """One thing to mend: the field's name ("" for the whole form), a stable code, a sentence for the person."""

    field: str
    code: str
    message: Text


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


def answers_from_json(stored: dict[str, dict[str, Json]] | None) -> dict[str, Answer]:
    """The answers as the row keeps them, as values."""
    return {name: Answer(**parts) for name, parts in (stored or {}).items()}  # type: ignore[arg-type]


def answers_to_json(answers: Answers) -> dict[str, dict[str, Json]]:
    """The answers as the row keeps them."""
    return {name: dict(vars(answer)) for name, answer in answers.items()}
