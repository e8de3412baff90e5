"""The form of a test message."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets import Profile
from mypolis.foundation.web.form_fields.fields import ChoiceField, MobileField

_EMAIL, _SMS = ("email", _("Email")), ("sms", "SMS")


class TrialForm(forms.Form):
    """By which channel. An SMS needs a number, because accounts of staff have none; it is not kept."""

    channel = ChoiceField(label=_("Channel"), choices=[_EMAIL])

    def __init__(self, *args: Any, profile: Profile, sends_sms: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sends_sms:
            self.fields["channel"].choices = [_EMAIL, _SMS]  # type: ignore[attr-defined]
            label = _("Your mobile, for an SMS")
            self.fields["mobile"] = MobileField(region=profile.region, label=label, required=False)

    def clean(self) -> dict[str, Any]:
        """Require a number for an SMS."""
        data = super().clean() or {}
        if data.get("channel") == "sms" and not data.get("mobile") and "mobile" not in self.errors:
            self.add_error(
                "mobile", forms.ValidationError(_("Enter a mobile number that can receive SMS."), "required")
            )
        return data
