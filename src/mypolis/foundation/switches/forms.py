"""Forms of the desk about switches and notices."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.switches import banners
from mypolis.foundation.switches.models import Banner
from mypolis.foundation.switches.rooms_off import LONGEST_TEXT
from mypolis.foundation.switches.texts_form import TextsForm
from mypolis.foundation.web.form_fields.fields import ChoiceField, DrawnField

_TYPED = "%Y-%m-%dT%H:%M"


class SwitchOffForm(TextsForm):
    """What members are told meanwhile; without texts they read the room's own."""

    is_optional = True
    longest = LONGEST_TEXT


class MomentField(DrawnField, forms.DateTimeField):
    """A day and a time by the market's clock. Gives the moment."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_TYPED)
        wrong = {"invalid": _("Please enter a day and a time.")}
        super().__init__(widget=widget, input_formats=[_TYPED, "%Y-%m-%d %H:%M"], error_messages=wrong, **kwargs)


class BannerForm(TextsForm):
    """A notice for members: how it looks, from when until when, and its text in every language."""

    longest = banners.LONGEST_TEXT

    severity = ChoiceField(
        label=_("Kind of notice"),
        choices=[(Banner.Severity.INFO, _("Information")), (Banner.Severity.WARNING, _("Warning"))],
    )
    starts_at = MomentField(label=_("Shown from"))
    ends_at = MomentField(label=_("Shown until"), help_text=_("At most 90 days after the start"))

    def clean(self) -> dict[str, Any]:
        """Refuse times in the wrong order, and an end that is over."""
        data = super().clean()
        starts_at: datetime | None = data.get("starts_at")
        ends_at: datetime | None = data.get("ends_at")
        if starts_at is None or ends_at is None:
            return data
        if ends_at <= starts_at:
            self.add_error("ends_at", forms.ValidationError(_("The end must be after the start."), "order"))
        elif ends_at <= timezone.now():
            self.add_error("ends_at", forms.ValidationError(_("The end is over already."), "past"))
        elif ends_at - starts_at > banners.LONGEST_LIFE:  # a sum could be beyond the calendar
            self.add_error("ends_at", forms.ValidationError(_("At most 90 days after the start"), "long"))
        return data
