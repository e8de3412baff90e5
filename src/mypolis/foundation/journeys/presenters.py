"""Descriptions of a journey and its current step, for the API and for pages."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.formats import date_format

from mypolis.foundation.journeys.definitions.answers import Facts, Json
from mypolis.foundation.journeys.definitions.outcomes import Outcome, Status
from mypolis.foundation.journeys.definitions.steps import Step, StepForm, Walk
from mypolis.foundation.journeys.redirects.redirect_steps import RedirectStep
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Text


def document(walk: Walk, token: str) -> dict[str, Any]:
    """Return the journey as JSON, in the shape of `schemas.JourneyDoc`."""
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
        body["step"] = step_document(view_of(walk, here))
        if isinstance(here, RedirectStep):
            body["step"]["redirect_url"] = walk.departure or None
    if walk.outcome is not None:
        body.update(last_document(walk.outcome))
    elif walk.state == "done" and not walk.account:
        body["result"] = (walk.journey.result or {}).get("result")  # only where to go next, no personal data
    return body


def path(walk: Walk) -> list[str]:
    """Return the names of the answered steps and the current one, but of no later step."""
    if walk.journey.finished_at is not None:
        return list((walk.journey.result or {}).get("path", []))
    return [step.name for step in walk.definition.reached(walk.answers)]


@dataclass(frozen=True)
class StepView:
    """A description of the current step. The API returns it as JSON, the page shows it."""

    step: Step
    form: StepForm
    title: Text
    page_title: Text
    help: Text
    code: Status | None
    shows: Facts
    back_to: str
    number: int


def view_of(walk: Walk, step: Step, form: StepForm | None = None) -> StepView:
    """Describe the current step. `form` is the form of a refused answer.

    `page_title` never contains a person's name. `back_to` is the nearest earlier step that did not ask for a code.
    """
    reached = walk.definition.reached(walk.answers)
    return StepView(
        step=step,
        form=form or step.form(None, walk=walk),
        title=words(step.title, walk),
        page_title=walk.definition.title if callable(step.title) else step.title,
        help=words(step.help, walk),
        code=status_of(walk, step),
        shows=step.shows(walk) if step.shows else {},
        back_to=next((earlier.name for earlier in reversed(reached[:-1]) if not earlier.proves), ""),
        number=len(reached),
    )


def step_document(view: StepView) -> dict[str, Any]:
    """Return the current step as JSON: texts, fields, and the state of its code."""
    body: dict[str, Any] = {
        "name": view.step.name,
        "title": force_str(view.title),
        "help": force_str(view.help),
        "button": force_str(view.step.button),
        "fields": [field_document(view.form, name) for name in view.form.fields],
    }
    if view.code is not None:
        body |= asdict(view.code)
    if view.step.shows is not None:
        body["shows"] = view.shows
    return body


def field_document(form: StepForm, name: str) -> dict[str, Any]:
    """Return one field as JSON: how to show it, what it accepts, and what was typed before (never a secret)."""
    field = form.drawn[name]
    return {
        "name": name,
        "type": field.json_type,
        "label": force_str(field.label or name),
        "help": force_str(field.help_text),
        "required": field.required,
        "read_only": field.disabled,
        "pattern": field.pattern,
        "autocomplete": field.autocomplete,
        "max_length": field.final_length or getattr(field, "max_length", None),
        "choices": _choices(field),
        "document": getattr(field, "document", None),
        "value": None if field.secret else _shown(form.initial.get(name)),
    }


def last_document(outcome: Outcome) -> dict[str, Any]:
    """Return how the journey ended, for the response that finished it. It contains the secrets of a new session.

    Later requests with the token get only the state.
    """
    result: Facts = dict(outcome.result)
    if outcome.grant is not None:
        result |= {"access_token": outcome.grant.access_token, "device_token": outcome.grant.device_token}
    body: dict[str, Any] = {"result": result, "title": str(outcome.title), "text": str(outcome.text)}
    if outcome.shows:
        body["shows"] = outcome.shows
    return body


def status_of(walk: Walk, step: Step) -> Status | None:
    """Return the state of the step's code; None if it has none or nobody has begun the journey."""
    if step.status is None or not walk.has_begun:
        return None
    return step.status(walk)


def words(text: Text | Callable[[Walk], Text], walk: Walk) -> Text:
    """Return a text of a step, fixed or made for this walk."""
    return text(walk) if callable(text) else text


def _shown(typed: Json) -> Json:
    """Return what was typed, for JSON. The parts of an invalid date are only for the page."""
    return None if isinstance(typed, list) else typed


def _choices(field: forms.Field) -> list[dict[str, Json]] | None:
    if not isinstance(field, forms.ChoiceField):
        return None
    choices: Any = field.choices
    return [{"value": str(value), "label": force_str(label)} for value, label in choices]


def time_in_words(moment: datetime, profile: Profile) -> str:
    """Return a time in the market's time zone: the time of day, with the date if it is not today."""
    local = timezone.localtime(moment, profile.zone)
    return local.strftime("%H:%M") if local.date() == profile.today() else date_format(local, "SHORT_DATETIME_FORMAT")
