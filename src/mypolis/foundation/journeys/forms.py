"""The form of a step: Django's, plus what the engine keeps of it and how it tells its errors."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.errors import FieldError
from mypolis.foundation.journeys.steps import Facts, Json
from mypolis.foundation.journeys.walk import Walk
from mypolis.foundation.web.fields import UNSAFE, DrawnField

LONGEST_KEPT = 400


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
        for name, field in self.drawn.items():
            if field.secret or field.disabled:
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
