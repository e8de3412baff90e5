"""The form of a new token."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mypolis.doors.integrations.presenters import words_of
from mypolis.doors.integrations.rights import PARTNER_NAME, partner_rights
from mypolis.foundation.program_tokens.rights import LONGEST_LIFE, USUAL_LIFE
from mypolis.foundation.web.form_fields.fields import ChoicesField, NumberField, TextField

_LONGEST = 40
_NO_NAME = _("Use only small Latin letters, digits and dashes.")


class TokenForm(forms.Form):
    """Whose program it is, what it may do, and for how long."""

    partner = TextField(
        label=_("Short name of the partner"),
        max_length=_LONGEST,
        autocomplete="off",
        help_text=_("Small Latin letters, digits and dashes"),
        validators=[RegexValidator(rf"^{PARTNER_NAME.pattern}\Z", _NO_NAME, "name")],
    )
    may = ChoicesField(label=_("What the program may do"))
    days = NumberField(
        label=_("Days until it ends"),
        wrong=_("Please enter a whole number of days from 1 to 400."),
        initial=USUAL_LIFE.days,
        min_value=1,
        max_value=LONGEST_LIFE.days,
        help_text=_("At most 400, counted from the approval"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(partner_rights())
        may = self.fields["may"]
        if isinstance(may, ChoicesField):
            may.choices = [(name, str(capfirst(words))) for name, words in zip(names, words_of(names), strict=True)]

    @property
    def life(self) -> timedelta:
        """How long the token works, after validation."""
        return timedelta(days=self.cleaned_data["days"])
