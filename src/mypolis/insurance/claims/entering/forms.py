"""The forms with which a colleague enters a claim: first what it is for, then everything else on one page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.fields import ChoiceField, DrawnField, ListField
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.drafts.checklist import OTHER
from mypolis.insurance.claims.drafts.fields import needs_bills
from mypolis.insurance.claims.drafts.missing import Missing, wanted_documents
from mypolis.insurance.claims.drafts.pages.form_fields import PastDayField
from mypolis.insurance.claims.drafts.pages.forms import BILL
from mypolis.insurance.claims.entering.flows import LONGEST_AGO, Choice, Entry, sheet_of
from mypolis.insurance.claims.entering.offers import Offered
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.membership.accounts.models import Account

MOST_BILLS = 5
"""How many bills the page takes: it works without script, so all of them are on it. Further ones are a second claim."""
PAPER = "paper_"
WAYS = (("post", _("By post")), ("phone", _("By phone")), ("person", _("In our office")))
_LABELS = {"provider": _("Where treated"), "diagnosis": _("Complaint or diagnosis")}
_TYPED = ("amount", "date", "number", "text")  # a bill without any of them was left empty


class ScansInput(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class ScansField(DrawnField, forms.FileField):
    """Scans or photos of one kind of paper; gives a list of files, which `received_from_form` checks."""

    kind = "file"
    widget = ScansInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files as they came; an empty list without any."""
        return list(data or [])


class StartForm(forms.Form):
    """What the claim is for: a benefit of one of the covers."""

    mark_required = True

    def __init__(self, offered: Sequence[Offered], data: Any = None) -> None:
        super().__init__(data)
        groups = [(one.label, one.named) for one in offered]
        self.fields["what"] = ListField(label=_("What the claim is for"), choices=[("", "–"), *groups])


class EntryForm(forms.Form):
    """How a claim came, and everything that it says. What is missing for sending is said by the flow."""

    mark_required = True
    came_by = ChoiceField(label=_("How the claim came"), choices=WAYS)

    def __init__(
        self,
        account: Account,
        choice: Choice,
        accounts: Sequence[BankAccount],
        data: Any = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial={"key": uuid4(), "pay_to": str(accounts[0].pk) if accounts else ""})
        self._account, self._choice, self._today = account, choice, account.profile.today()
        self.fields["key"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["came_on"] = PastDayField(
            today=self._today,
            label=_("Day on which it came"),
            help_text=_("The day of the call or of the stamp. Our promised time counts from it."),
        )
        blank = Claim(market=account.market, account=account, membership=choice.membership, benefit=choice.benefit.key)
        treatment = sheet_of(account, choice, has_treatment=True).asked(blank)
        self._treatment, self._bills = list(treatment), self._add_bills(blank)
        self.fields.update(treatment)
        for name in self._treatment:
            self.fields[name].help_text = ""  # they speak to the member, as some labels do
        for name in _LABELS.keys() & treatment:
            self.fields[name].label = _LABELS[name]
        self._papers = [(one.key, say(one.name)) for one in wanted_documents(choice.benefit)]
        self._papers.append((OTHER, str(_("Other papers") if self._papers else _("Receipts and other papers"))))
        for kind, name in self._papers:
            self.fields[PAPER + kind] = ScansField(label=name, required=False)
        self.fields["pay_to"] = ChoiceField(
            label=_("Account to which we pay"),
            choices=[(str(one.pk), f"{one.bank_name} {one.shown}".strip()) for one in accounts],
        )

    def _add_bills(self, blank: Claim) -> list[dict[str, str]]:
        """Add the fields of every bill; returns for each the names in a draft's sheet by those in this form."""
        if not needs_bills(self._choice.benefit):
            return []
        found = []
        for place in range(1, MOST_BILLS + 1):
            asked = sheet_of(self._account, self._choice, has_treatment=False, line=uuid4()).asked(blank)
            names = {f"bill{place}_{name.removeprefix(BILL)}": name for name in asked}
            for name, original in names.items():
                field = asked[original]
                field.initial = self._choice.benefit.key if original == f"{BILL}benefit" else None
                field.label = format_lazy(_("Bill {place}: {label}"), place=place, label=field.label)
                self.fields[name] = field
            self.fields[f"bill{place}_amount"].help_text = _("No point or comma between thousands: 150000.")
            found.append(names)
        return found

    def clean(self) -> dict[str, Any]:
        """Check that nothing contradicts the day on which the claim came."""
        clean: dict[str, Any] = self.cleaned_data
        came_on = clean.get("came_on")
        if came_on is not None and came_on < self._today - LONGEST_AGO:
            first = {"day": date_format(self._today - LONGEST_AGO, "SHORT_DATE_FORMAT")}
            text = _("This is too long ago. The first day that can be entered is %(day)s – please check the year.")
            self.add_error("came_on", ValidationError(text, "too_long_ago", first))
        elif came_on is not None:
            self._check_came_after(came_on)
        first_day, last_day = clean.get("treated_on"), clean.get("until")
        if first_day is not None and last_day is not None and last_day < first_day:
            self.add_error("until", ValidationError(_("The last day is before the first."), "order"))
        return clean

    def _check_came_after(self, came_on: date) -> None:
        """Refuse days of treatment and of bills after the day on which the claim came."""
        days = ["treated_on", "until"]
        days += [f"bill{place}_date" for place in range(1, len(self._bills) + 1)]
        for name in days:
            day = self.cleaned_data.get(name)
            if day is not None and day > came_on:
                text = _("This is after the day on which the claim came. One of the two days is wrong.")
                self.add_error(name, ValidationError(text, "after_coming"))

    def entry(self) -> Entry:
        """What was typed, after validation."""
        clean = self.cleaned_data
        return Entry(
            key=clean["key"],
            choice=self._choice,
            came_by=clean["came_by"],
            came_on=clean["came_on"],
            treatment={name: clean[name] for name in self._treatment},
            bills=self._typed_bills(),
            papers={kind: clean[PAPER + kind] for kind, _name in self._papers if clean[PAPER + kind]},
            pay_to=UUID(clean["pay_to"]),
        )

    def _typed_bills(self) -> list[dict[str, Any]]:
        """The bills in which something was typed."""
        found = []
        for place, names in enumerate(self._bills, start=1):
            if any(self.cleaned_data[f"bill{place}_{name}"] not in (None, "") for name in _TYPED):
                values = {original: self.cleaned_data[name] for name, original in names.items()}
                found.append({name: value for name, value in values.items() if value != ""})
        return found

    def say_what_is_missing(self, missing: Sequence[Missing]) -> None:
        """Put each thing that is missing beside its field, or above the form."""
        for one in missing:
            name = one.field.replace("documents.", PAPER)
            self.add_error(name if name in self.fields else None, ValidationError(one.text, "missing"))

    @property
    def about_treatment(self) -> list[BoundField]:
        """The fields of the treatment."""
        return [self[name] for name in self._treatment]

    @property
    def bills(self) -> list[tuple[int, list[BoundField], bool]]:
        """Number and fields of each bill, and whether it is open: the first one, and those with something in them."""
        return [
            (place, [self[name] for name in names], place == 1 or self._has_something(place, names))
            for place, names in enumerate(self._bills, start=1)
        ]

    def _has_something(self, place: int, names: Mapping[str, str]) -> bool:
        return any(self[name].errors for name in names) or any(
            self.data.get(f"bill{place}_{name}") for name in ("amount", "number", "text", "date_0")
        )

    @property
    def papers(self) -> list[BoundField]:
        """The fields of the papers."""
        return [self[PAPER + kind] for kind, _name in self._papers]
