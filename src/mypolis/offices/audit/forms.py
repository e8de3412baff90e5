"""Forms of the audit: what to look for, and which file to make."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.events.actor import ActorError
from mypolis.foundation.events.kinds import all_kinds
from mypolis.foundation.markets import Profile
from mypolis.foundation.web.form_fields.date_field import DayField
from mypolis.foundation.web.form_fields.fields import ListField, TextField
from mypolis.offices.audit.exporting import LONGEST_PERIOD
from mypolis.offices.audit.trail_search import Criteria

_ROW = re.compile(r"[a-z_]{1,30}\.[a-z]{1,30}:[0-9A-Za-z-]{1,36}")
_KEY = re.compile(r"[0-9A-Za-z._-]{1,64}")
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)  # there are no events beyond, and moments must not overflow
_SCOPES = (("", _("This market")), ("portal", _("The whole portal")))
_FORMS = (("csv", "CSV"), ("jsonl", "JSON Lines"))
NAMES = ("scope", "kind", "actor", "about", "since", "until")
"""The fields of a search, as they are named in an address."""


def _kinds() -> list[tuple[str, Any]]:
    return [("", _("All kinds")), *((kind, kind) for kind in sorted(all_kinds()))]


class ActorField(TextField):
    """An actor as KIND:KEY, or a kind that has no key; gives an `Actor`."""

    def clean(self, value: object) -> Any:
        """The actor; None if nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            actor = Actor.parse(text) if ":" in text or text in ("stranger", "system") else None
        except ActorError:
            actor = None
        if actor is None or (actor.id and not _KEY.fullmatch(actor.id)):
            raise ValidationError(_("Enter a kind of actor and its key, such as staff:12."), "invalid")
        return actor


class RowField(TextField):
    """The row that events are about, as the trail names it."""

    def to_python(self, value: object) -> str:
        """The name of the row. Refuses everything else, so that no name or address gets into an address of a page."""
        text = super().to_python(value)
        if text and not _ROW.fullmatch(text):
            raise ValidationError(_("Enter a row as the trail names it, such as claims.claim: and its key."), "invalid")
        return text


class SearchForm(forms.Form):
    """What to look for in the trail. Every field may be empty."""

    mark_required = True  # nothing is, and "(optional)" beside each field would say nothing
    scope = ListField(label=_("Where"), choices=_SCOPES, required=False)
    kind = ListField(label=_("Kind of event"), choices=_kinds, required=False)
    actor = ActorField(label=_("Who"), required=False, help_text=_("A kind of actor and its key, such as staff:12."))
    about = RowField(label=_("About which row"), required=False, help_text=_("As the trail names it."))
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False, help_text=_("This day is included."))

    def __init__(self, profile: Profile, data: Any = None) -> None:
        super().__init__(data)
        self._profile = profile

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = clean.get("since"), clean.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day is before the first."))
        return clean

    @property
    def criteria(self) -> Criteria:
        """What to look for, after validation."""
        clean = self.cleaned_data
        return Criteria(
            market="" if clean["scope"] == "portal" else self._profile.code,
            kind=clean["kind"],
            actor=clean["actor"],
            subject=clean["about"],
            since=self._midnight(clean["since"]) if clean["since"] else None,
            until=self._midnight(clean["until"], days=1) if clean["until"] else None,
        )

    @property
    def query(self) -> dict[str, str]:
        """What to look for as fields of an address, after validation: references only, never what somebody typed."""
        clean = self.cleaned_data
        values = {name: clean[name] for name in NAMES if clean[name]}
        return {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in values.items()}

    def _midnight(self, day: date, *, days: int = 0) -> datetime:
        """The beginning of a day, or of one some days later."""
        day = min(max(day, _FIRST), _LAST) + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, time.min), self._profile.zone)


class ExportForm(SearchForm):
    """Which events a file has; it needs a period."""

    mark_required = False
    form = ListField(label=_("File"), choices=_FORMS)

    def __init__(self, profile: Profile, data: Any = None) -> None:
        super().__init__(profile, data)
        self.fields["since"].required = self.fields["until"].required = True

    def clean(self) -> dict[str, Any]:
        """Refuse a period that is too long as well."""
        clean = super().clean()
        since, until = clean.get("since"), clean.get("until")
        if since and until and until - since >= LONGEST_PERIOD:
            self.add_error("until", _("Choose at most 100 days."))
        return clean
