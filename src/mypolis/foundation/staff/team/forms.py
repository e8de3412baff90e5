"""Forms of administrators."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Role
from mypolis.foundation.staff.roles import ROLES
from mypolis.foundation.web.fields import ChoiceField, EmailField, NameField

_CHOICES = [(key, role.label) for key, role in ROLES.items()]


class InvitationForm(forms.Form):
    """Whom to invite, and the first role. Further roles are given on the colleague's page."""

    name = NameField(label=_("Name"), max_length=80)
    email = EmailField(label=_("Work email"), autocomplete="off")
    role = ChoiceField(label=_("Role"), choices=_CHOICES)


class RoleForm(forms.Form):
    """A role to give or to take."""

    role = ChoiceField(label=_("Role"), choices=_CHOICES)

    @property
    def chosen(self) -> Role:
        """The role, after validation."""
        return cast("Role", self.cleaned_data["role"])
