"""The form with which claims are given to a colleague."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Right
from mypolis.foundation.staff.access import StaffMember
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.web.form_fields.fields import ListField


class HandOverForm(forms.Form):
    """A choice of the other colleagues who have a right in a market."""

    to = ListField(label=_("Colleague"))

    def __init__(self, market: str, right: Right, staff: StaffMember, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = StaffAccount.objects.filter(roles__market=market, roles__role__in=right.roles, closed_at=None)
        self._people = {str(one.pk): one for one in rows.exclude(pk=staff.pk).distinct().order_by("name", "pk")}
        chosen: Any = self.fields["to"]
        chosen.choices = [(key, one.name) for key, one in self._people.items()]

    @property
    def colleague(self) -> StaffAccount:
        """Who was chosen, after validation."""
        return self._people[self.cleaned_data["to"]]

    @property
    def summary(self) -> str:
        """What was chosen, for the preview of an act on many claims."""
        return f"{self.fields['to'].label}: {self.colleague.name}"
