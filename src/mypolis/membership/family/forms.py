"""The form with which a member offers somebody access to their cover."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.phones import PhoneError, parse_mobile
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import ContactKind
from mypolis.foundation.web.form_fields.date_field import BirthDateField, DayField
from mypolis.foundation.web.form_fields.fields import ChoiceField, EmailField, TextField
from mypolis.membership.family.relations.rules import Scope, scopes_of


class OfferForm(forms.Form):
    """The future proxy, found by contact point and birth date; what they may do, and an optional last day."""

    contact = TextField(
        label=_("Their email or mobile phone"),
        help_text=_("The one that they use here."),
        max_length=254,
        autocomplete="off",
    )
    birth_date = BirthDateField(label=_("Their date of birth"))
    scopes = ChoiceField(
        label=_("What they can do"),
        choices=[
            ("cover", _("See my cover and card")),
            ("claims", _("See my cover and card, and make claims for me")),
        ],
        initial="cover",
    )
    until = DayField(
        label=_("Last day"),
        help_text=_("Leave this empty to share it until you end it."),
        required=False,
    )

    def __init__(self, data: Any = None, *, profile: Profile) -> None:
        super().__init__(data)
        self.profile = profile
        self.mark_required = False
        self.kind: ContactKind = "email"

    def clean_contact(self) -> str:
        """An e-mail address, or a mobile number in E.164."""
        typed: str = self.cleaned_data["contact"]
        if "@" in typed:
            return EmailField().clean(typed)  # type: ignore[no-any-return]
        self.kind = "mobile"
        try:
            return parse_mobile(typed, region=self.profile.region)
        except PhoneError:
            raise ValidationError(_("Enter an email address or a mobile number."), "invalid") from None

    def clean_scopes(self) -> list[Scope]:
        """The scopes of the mandate."""
        return scopes_of([self.cleaned_data["scopes"]])

    def clean_until(self) -> date | None:
        """Today or a later day."""
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < self.profile.today():
            raise ValidationError(_("This day has passed. Choose a later one, or leave it empty."), "past")
        return until
