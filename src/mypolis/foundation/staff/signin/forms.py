"""Forms of sign-in at the desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.factors.passwords import password_rules
from mypolis.foundation.web.form_fields.fields import CodeField, EmailField, PasswordField, TextField

LEAST_PASSWORD = 15
"""Characters of a staff password: they open more than a member's (NIST SP 800-63B-4 asks 15 of a sole factor)."""


class PasswordForm(forms.Form):
    """E-mail and password."""

    email = EmailField(label=_("Email"), autocomplete="username")
    password = PasswordField(label=_("Password"))

    def refuse(self) -> None:
        """Add the one error for every reason."""
        wrong = _("The email or the password is not right. Please check both.")
        self.add_error(None, ValidationError(wrong, "wrong"))


class AppCodeForm(forms.Form):
    """The code that an authenticator app shows."""

    code = CodeField(label=_("Code from your authenticator app"))

    def refuse(self, text: str) -> None:
        """Add the error of a refused factor."""
        self.add_error(None, ValidationError(text, "wrong"))


class RecoveryCodeForm(forms.Form):
    """One of the codes that were printed when the account was made."""

    recovery = TextField(label=_("Recovery code"), max_length=60, autocomplete="off")

    def refuse(self) -> None:
        """Add the error of a wrong code."""
        wrong = _("This is none of your unused recovery codes. Please compare it with your printout.")
        self.add_error("recovery", ValidationError(wrong, "wrong"))


class NewPasswordForm(forms.Form):
    """A new password, typed twice. `personal` are words that it must not consist of."""

    password = PasswordField(label=_("New password"), new=True)
    password_repeat = PasswordField(label=_("Repeat new password"), new=True)

    def __init__(self, *args: Any, personal: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.personal = personal
        password, repeat = self.fields["password"], self.fields["password_repeat"]
        if isinstance(password, PasswordField) and isinstance(repeat, PasswordField):
            password.hints = password_rules.hints(min_length=LEAST_PASSWORD)
            password.measures = password_rules.measures(min_length=LEAST_PASSWORD)
            repeat.same_as = self["password"].id_for_label

    def clean(self) -> dict[str, Any]:
        """Check the rules, and that both are the same."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, repeat = cleaned.get("password"), cleaned.get("password_repeat")
        if password and repeat and password != repeat:
            differ = _("The two passwords differ. Please type the same one twice.")
            self.add_error("password_repeat", ValidationError(differ, "mismatch"))
        if password:
            for code, text in password_rules.problems(password, min_length=LEAST_PASSWORD, personal=self.personal):
                self.add_error("password", ValidationError(text, code))
        return cleaned
