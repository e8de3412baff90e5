"""Forms about cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets import Profile
from mypolis.foundation.web.form_fields.fields import ConsentField


class ActivateForm(forms.Form):
    """Acceptance of the terms, if the market has any; the page shows them above the form."""

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if profile.card_document:
            label = _("I accept the terms of the card")
            self.fields["accept_card"] = ConsentField(document=profile.card_document, label=label)


class ReplaceForm(forms.Form):
    """Which card of a cover was lost."""

    serial = forms.IntegerField(min_value=1)
