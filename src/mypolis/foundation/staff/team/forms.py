"""Forms of administrators."""

from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Role
from mypolis.foundation.staff.roles import ROLES
from mypolis.foundation.staff.team.joining import is_joined
from mypolis.foundation.web.form_fields.fields import ChoiceField, EmailField, NameField

_CHOICES = [(key, role.label) for key, role in ROLES.items()]


class InvitationForm(forms.Form):
    """Whom to invite, and the first role. Further roles are given on the colleague's page."""

    name = NameField(label=_("Name"), max_length=80)
    email = EmailField(label=_("Work email"), autocomplete="off")
    role = ChoiceField(label=_("Role"), choices=_CHOICES)

    def clean_email(self) -> str:
        """Refuse somebody who works here already."""
        email: str = self.cleaned_data["email"]
        if is_joined(email):
            taken = _("Somebody with this address works at the desk already. Give them the role there.")
            raise ValidationError(taken, "taken")
        return email

    @property
    def payload(self) -> dict[str, str]:
        """What the proposal needs."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "role")}


class RoleForm(forms.Form):
    """A role to give or to take."""

    role = ChoiceField(label=_("Role"), choices=_CHOICES)

    @property
    def chosen(self) -> Role:
        """The role, after validation."""
        return cast("Role", self.cleaned_data["role"])
