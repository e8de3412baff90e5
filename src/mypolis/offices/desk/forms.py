"""Forms of the desk about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.fields import TextField


class SearchForm(forms.Form):
    """One box for everything by which people are found."""

    typed = TextField(
        label=_("Name, contact or number"),
        max_length=120,
        autocomplete="off",
        help_text=_("Name, phone, email, policy, participant number, claim, username, or a whole national id."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"].widget.attrs.update(spellcheck="false", autocapitalize="none")
