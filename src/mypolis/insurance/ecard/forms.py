"""What a member says to get a card."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets import Profile
from mypolis.foundation.web.fields import ConsentField


class ActivateForm(forms.Form):
    """The terms accepted, where the market has some; they stand above the form."""

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if profile.card_document:
            label = _("I accept the terms of the card")
            self.fields["accept_card"] = ConsentField(document=profile.card_document, label=label)


class ReplaceForm(forms.Form):
    """Which of the cards that a cover has had was lost."""

    serial = forms.IntegerField(min_value=1)
