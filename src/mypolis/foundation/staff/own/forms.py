"""Forms for one's own account at the desk."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.fields import CodeField, TextField


class PasskeyForm(forms.Form):
    """A new passkey: what the browser made, and a name by which its owner knows it."""

    name = TextField(label=_("Name of the device"), max_length=40, help_text=_("For example: office laptop"))

    def refuse(self) -> None:
        """Add the error of an answer that did not verify."""
        failed = _("The passkey could not be added. Please try again.")
        self.add_error(None, ValidationError(failed, "refused"))


class NewAppForm(forms.Form):
    """The first code of an authenticator app that is to be linked."""

    code = CodeField(label=_("Code that the app shows now"))

    def refuse(self) -> None:
        """Add the error of a wrong code."""
        wrong = _("This is not the code the app shows now. Check that the clock on your phone is right.")
        self.add_error("code", ValidationError(wrong, "wrong"))
