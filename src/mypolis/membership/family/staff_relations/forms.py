"""The form in which an administrator says which insured person a colleague is."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.web.form_fields.date_field import BirthDateField
from mypolis.foundation.web.form_fields.fields import ListField, ReferenceField
from mypolis.membership.people.models import Membership, Person


class RelationForm(forms.Form):
    """A colleague, and the policy number and date of birth under which the insurer knows them as insured."""

    colleague = ListField(label=_("Colleague"))
    policy = ReferenceField(label=_("Policy number"))
    birth_date = BirthDateField(label=_("Date of birth"))

    def __init__(self, market: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._market = market
        self.person: Person | None = None
        rows = StaffAccount.objects.filter(roles__market=market, closed_at=None).distinct().order_by("name", "pk")
        chosen: Any = self.fields["colleague"]
        chosen.choices = [("", "–"), *((str(one.pk), one.name) for one in rows)]

    def clean(self) -> dict[str, Any]:
        """Find the insured person. Refuses if nobody fits, or several do."""
        clean = super().clean() or self.cleaned_data
        if self.errors:
            return clean
        key = fold_reference(clean["policy"])
        covers = Membership.objects.filter(policy__market=self._market, policy__number_key=key)
        rows = Person.objects.filter(birth_date=clean["birth_date"], memberships__in=covers).distinct()
        found = list(rows[:2])
        if len(found) != 1:
            raise ValidationError(
                _("No insured person has this policy number and birth date, or several have. Please check both."),
                "unknown",
            )
        self.person = found[0]
        return clean

    @property
    def staff(self) -> int:
        """The key of the colleague's account, after validation."""
        return int(self.cleaned_data["colleague"])
