"""The form with which a claim is given to a colleague."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.staff.access import StaffMember
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.web.form_fields.fields import ListField
from mypolis.insurance.claims.desk.may_work import right_for
from mypolis.insurance.claims.models import Claim


class HandOverForm(forms.Form):
    """A choice of the colleagues who have the right that the claim needs now."""

    to = ListField(label=_("Colleague"))

    def __init__(self, claim: Claim, staff: StaffMember, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = right_for(claim).roles
        rows = StaffAccount.objects.filter(roles__market=claim.market, roles__role__in=roles, closed_at=None)
        self._people = {str(one.pk): one for one in rows.exclude(pk=staff.pk).distinct().order_by("name", "pk")}
        chosen: Any = self.fields["to"]
        chosen.choices = [(key, one.name) for key, one in self._people.items()]

    @property
    def colleague(self) -> StaffAccount:
        """Who was chosen, after validation."""
        return self._people[self.cleaned_data["to"]]
