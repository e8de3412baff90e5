"""The one description of where a journey stands, for the API as it is and for the pages as far as they need it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.encoding import force_str

from mypolis.journeys.steps import Facts, Json, Step
from mypolis.journeys.walk import Status, Walk
from mypolis.markets.profile import Text
from mypolis.web.fields import DrawnField


def document(walk: Walk, token: str) -> dict[str, Any]:
    """The journey as JSON, in the shape that the contract gives."""
    journey = walk.journey
    body: dict[str, Any] = {
        "token": token,
        "journey": journey.kind,
        "way": walk.way,
        "market": journey.market,
        "state": walk.state,
        "expires_at": journey.expires_at,
        "step": None,
        "path": path(walk),
        "result": None,
    }
    here = walk.current if walk.state == "open" else None
    if here is not None:
        body["step"] = step_document(walk, here)
    if walk.state == "done":
        body.update(last_document(walk))
    return body


def path(walk: Walk) -> list[str]:
    """Names of the steps met and the current one; nothing of what may follow."""
    if walk.journey.finished_at is not None:
        return list((walk.journey.result or {}).get("path", []))
    return [step.name for step in walk.definition.reached(walk.answers)]


def step_document(walk: Walk, step: Step) -> dict[str, Any]:
    """The current step: words, fields, and what there is to know of its code."""
    form = step.form(None, walk=walk)
    body: dict[str, Any] = {
        "name": step.name,
        "title": force_str(words(step.title, walk)),
        "help": force_str(words(step.help, walk)),
        "button": force_str(step.button),
        "fields": [field_document(form, name) for name in form.fields],
    }
    status = status_of(walk, step)
    if status is not None:
        body.update(
            channel=status.channel,
            resend_after=status.resend_after,
            attempts_left=status.attempts_left,
            expires_at=status.expires_at,
        )
    if step.shows is not None:
        body["shows"] = step.shows(walk)
    return body


def field_document(form: forms.Form, name: str) -> dict[str, Any]:
    """One field: how to draw it, what it takes, and what was typed there before (never a secret)."""
    field = form.fields[name]
    drawn = isinstance(field, DrawnField)
    secret = drawn and field.secret  # type: ignore[attr-defined]
    return {
        "name": name,
        "type": field.json_type if drawn else "text",  # type: ignore[attr-defined]
        "label": force_str(field.label or name),
        "help": force_str(field.help_text),
        "required": field.required,
        "read_only": field.disabled,
        "pattern": field.pattern if drawn else None,  # type: ignore[attr-defined]
        "autocomplete": field.autocomplete if drawn else None,  # type: ignore[attr-defined]
        "max_length": 6 if drawn and field.kind == "code" else getattr(field, "max_length", None),  # type: ignore[attr-defined]
        "choices": _choices(field),
        "document": getattr(field, "document", None),
        "value": None if secret else _shown(form.initial.get(name)),
    }


def last_document(walk: Walk) -> dict[str, Any]:
    """How it ended. The secrets of a new session stand only in the answer that finished the journey."""
    kept = walk.journey.result or {}
    result: Facts = dict(kept.get("result", {}))
    if walk.outcome is not None and walk.outcome.grant is not None:
        grant = walk.outcome.grant
        result |= {"access_token": grant.access_token, "device_token": grant.device_token}
    body: dict[str, Any] = {"result": result, "title": kept.get("title", ""), "text": kept.get("text", "")}
    if kept.get("shows"):
        body["shows"] = kept["shows"]
    return body


def status_of(walk: Walk, step: Step) -> Status | None:
    """What there is to know of the step's code; None for a step without one, or one that was not entered yet."""
    if step.status is None or walk.journey._state.adding:
        return None
    return step.status(walk)


def words(text: Text | Callable[[Walk], Text], walk: Walk) -> Text:
    """A text of a step, fixed or made for this walk."""
    return text(walk) if callable(text) else text


def _shown(typed: Json) -> Json:
    """What was typed, as JSON has it; boxes that make no date are the page's own matter."""
    return None if isinstance(typed, list) else typed


def _choices(field: forms.Field) -> list[dict[str, Json]] | None:
    if not isinstance(field, forms.ChoiceField):
        return None
    choices: Any = field.choices
    return [{"value": str(value), "label": force_str(label)} for value, label in choices]
