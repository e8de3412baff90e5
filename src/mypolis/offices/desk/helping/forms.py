"""Forms of what staff do for a person."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets import Profile
from mypolis.foundation.rooms import Text
from mypolis.foundation.web.form_fields.fields import EmailField, ListField, MobileField, TextField
from mypolis.membership.accounts.contact_points.flows import NewContact

type Checked = Literal["called-back", "document", "in-person"]

REASONS: Final[Mapping[str, Text]] = {
    "lost": _("A phone or computer was lost"),
    "suspicion": _("Somebody else may be signed in"),
    "asked": _("The member asked for it"),
}
CHECKED: Final[Mapping[str, Text]] = {
    "called-back": _("I called back at the number on file"),
    "document": _("I saw an identity document"),
    "in-person": _("The person was here"),
}


class ReasonForm(forms.Form):
    """Why a member is signed out, or the account locked; the audit trail keeps it."""

    reason = ListField(label=_("Reason"), choices=[("", "–"), *REASONS.items()])


class CheckedForm(forms.Form):
    """How somebody made sure who asks."""

    checked = ListField(label=_("How did you check who asks?"), choices=[("", "–"), *CHECKED.items()])


class ContactForm(CheckedForm):
    """The right e-mail or mobile of a member, and how somebody made sure who asks."""

    kind = ListField(label=_("What to correct"), choices=[("email", _("Email")), ("mobile", _("Mobile"))])
    value = TextField(label=_("New email or mobile"), max_length=254, autocomplete="off")
    field_order = ("kind", "value", "checked")

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._profile = profile

    def clean(self) -> dict[str, Any]:
        """The value must be of its kind; it is kept in canonical form."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        field = EmailField() if clean.get("kind") == "email" else MobileField(region=self._profile.region)
        if "value" in clean:
            try:
                clean["value"] = str(field.clean(clean["value"]))
            except ValidationError as error:
                self.add_error("value", error)
        return clean

    @property
    def contact(self) -> NewContact:
        """What was typed, after validation; proven by whoever checked it."""
        return NewContact(self.cleaned_data["kind"], self.cleaned_data["value"], confirmed=True)
