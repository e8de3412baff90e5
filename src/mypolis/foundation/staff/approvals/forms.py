"""The form of a decision about a proposal."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.fields import TextField


class DecisionForm(forms.Form):
    """What to do, from the button, and the reason of a rejection."""

    mark_required = True  # the label says when the reason is needed, so "(optional)" beside it would contradict it
    reason = TextField(label=_("Reason, if you reject it"), max_length=300, required=False)
    decision = forms.ChoiceField(
        choices=[("approve", ""), ("reject", ""), ("withdraw", "")], widget=forms.HiddenInput, required=True
    )

    def clean(self) -> dict[str, Any]:
        """A rejection needs a reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "reject" and not cleaned.get("reason"):
            missing = _("Please say why, so that your colleague knows what to change.")
            self.add_error("reason", ValidationError(missing, "required"))
        return cleaned
