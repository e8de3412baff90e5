"""The forms with which a colleague enters a claim: first what it is for, then everything else on one page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.form_fields.fields import ChoiceField, DrawnField, ListField
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.drafts.checklist import OTHER
from mypolis.insurance.claims.drafts.fields import needs_bills, treatment_fields
from mypolis.insurance.claims.drafts.flows import MOST_LINES
from mypolis.insurance.claims.drafts.missing import Missing, wanted_documents
from mypolis.insurance.claims.drafts.pages.form_fields import PROBLEMS, AmountField, PastDayField
from mypolis.insurance.claims.drafts.pages.forms import BILL
from mypolis.insurance.claims.entering.choices import Choice
from mypolis.insurance.claims.entering.flows import LONGEST_AGO, Entry, blank, lacking, sheet_of
from mypolis.insurance.claims.entering.offers import Offered
from mypolis.insurance.claims.entering.papers import Refused
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.membership.accounts.models import Account

BILLS_AT_ONCE = 5
"""How many empty bills the page has at first, and how many "More bills" adds: it works without script."""
PAPER = "paper_"
WAYS = (("post", _("By post")), ("phone", _("By phone")), ("person", _("In our office")))
_LABELS: Mapping[str, Text] = {
    "provider": _("Where treated"),
    "diagnosis": _("Complaint or diagnosis"),
    "left_on": _("Day of departure"),
    "plate": _("Number plate of the car"),
    "relation": format_lazy("{} {}", _("Relation to the insured person"), _("(optional)")),
}
"""What a colleague reads instead of labels that speak to the member."""
_WHAT_FOR = format_lazy("{} {}", _("Service or item"), _("(optional)"))
_TYPED = ("amount", "date", "number", "text")  # a bill without any of them was left empty


class ScansInput(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class ScansField(DrawnField, forms.FileField):
    """Scans or photos of one kind of paper. They are kept before the form is checked (`papers.keep`)."""

    kind = "file"
    widget = ScansInput


class StartForm(forms.Form):
    """What the claim is for: a benefit of one of the covers."""

    mark_required = True

    def __init__(self, offered: Sequence[Offered], data: Any = None) -> None:
        super().__init__(data)
        groups = [(one.label, one.named) for one in offered]
        what = pgettext_lazy("desk", "What the claim is for")
        self.fields["what"] = ListField(label=what, choices=[("", "–"), *groups])


def paper_kinds(choice: Choice) -> list[tuple[str, str]]:
    """The kinds of paper that the page asks for, each with its name."""
    found = [(one.key, say(one.name)) for one in wanted_documents(choice.benefit)]
    return [*found, (OTHER, str(_("Other papers") if found else _("Receipts and other papers")))]


class EntryForm(forms.Form):
    """How a claim came, and everything that it says. One round says everything that is wrong or missing.

    `kept` are the scans that are here already, `refused` those that could not be kept just now. With `is_redrawn` the
    form shows what was typed and says nothing about it: the colleague asked for more bills, or removed a scan.
    """

    mark_required = True
    came_by = ChoiceField(label=_("How the claim came"), choices=WAYS)

    def __init__(
        self,
        account: Account,
        choice: Choice,
        accounts: Sequence[BankAccount],
        data: QueryDict | None = None,
        *,
        kept: Sequence[ReceivedFile] = (),
        refused: Sequence[Refused] = (),
        is_redrawn: bool = False,
    ) -> None:
        super().__init__(data, initial={"key": uuid4(), "pay_to": str(accounts[0].pk) if accounts else ""})
        self._kept, self._refused, self._is_redrawn = kept, refused, is_redrawn
        self.bill_count, self._opened = _bill_count(data)
        self._account, self._choice, self._today = account, choice, account.profile.today()
        self.fields["key"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["came_on"] = PastDayField(
            today=self._today,
            label=_("Day on which it came"),
            help_text=_("The day of the call or of the stamp. Our promised time counts from it."),
        )
        self._blank = blank(account, choice)
        self._treatment = self._add_treatment()
        self._bills = self._add_bills()
        self._papers = paper_kinds(choice)
        for kind, name in self._papers:
            self.fields[PAPER + kind] = ScansField(label=name, required=False)
        self.fields["pay_to"] = ChoiceField(
            label=_("Account to which we pay"),
            choices=[(str(one.pk), f"{one.bank_name} {one.shown}".strip()) for one in accounts],
        )

    def _add_treatment(self) -> list[str]:
        """Add the fields of the treatment, without the texts that speak to the member; returns their names."""
        found = sheet_of(self._account, self._choice, has_treatment=True).asked(self._blank)
        for asked in treatment_fields(self._choice.benefit):
            field = found[asked.name]
            field.label, field.help_text = _LABELS.get(asked.name, field.label), ""
            field.required = field.widget.is_required = asked.required
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}
        self.fields.update(found)
        return list(found)

    def _add_bills(self) -> list[dict[str, str]]:
        """Add the fields of every bill; returns for each the names in a draft's sheet by those in this form."""
        if not needs_bills(self._choice.benefit):
            return []
        found = []
        for place in range(1, self.bill_count + 1):
            asked = sheet_of(self._account, self._choice, has_treatment=False, line=uuid4()).asked(self._blank)
            names = {f"bill{place}_{name.removeprefix(BILL)}": name for name in asked}
            for name, original in names.items():
                field = asked[original]
                field.initial = self._choice.benefit.key if original == f"{BILL}benefit" else None
                label = _WHAT_FOR if original == f"{BILL}text" else field.label
                field.label = format_lazy(_("Bill {place}: {label}"), place=place, label=label)
                self.fields[name] = field
                if isinstance(field, AmountField):
                    field.help_text = _("No point or comma between thousands: 150000.")
                    field.problems = PROBLEMS
            found.append(names)
        return found

    def full_clean(self) -> None:
        """Check what was typed, unless the page is only drawn again; then say which scans were not kept."""
        super().full_clean()
        if self._is_redrawn:
            self.errors.clear()
        for one in self._refused:
            text = f"{one.name}: {one.error.message}"
            self.add_error(PAPER + one.kind, ValidationError(text, "file"))

    def clean(self) -> dict[str, Any]:
        """Check that nothing is missing, and that nothing contradicts the day on which the claim came."""
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
        self._check_amounts()
        treatment = {name: clean.get(name) for name in self._treatment}
        bills = self._typed_bills()
        self.say_what_is_missing(lacking(self._blank, self._choice, treatment=treatment, bills=bills, files=self._kept))
        return clean

    def _check_amounts(self) -> None:
        """Refuse bills in which something was typed, but no sum."""
        for place, names in enumerate(self._bills, start=1):
            name = f"bill{place}_amount"
            if self._is_typed(place, names) and not self.has_error(name) and self.cleaned_data.get(name) is None:
                text = _("Bill %(number)d has no amount.")
                self.add_error(name, ValidationError(text, "missing", {"number": place}))

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
            came_by=clean["came_by"],
            came_on=clean["came_on"],
            treatment={name: clean[name] for name in self._treatment},
            bills=self._typed_bills(),
            pay_to=UUID(clean["pay_to"]),
        )

    def _typed_bills(self) -> list[dict[str, Any]]:
        """The bills in which something was typed."""
        found = []
        for place, names in enumerate(self._bills, start=1):
            if self._is_typed(place, names):
                values = {original: self.cleaned_data.get(name) for name, original in names.items()}
                found.append({name: value for name, value in values.items() if value != ""})
        return found

    def _is_typed(self, place: int, names: Mapping[str, str]) -> bool:
        typed = (self.cleaned_data.get(f"bill{place}_{name}") for name in _TYPED)
        return any(value not in (None, "") for value in typed) or any(self.has_error(name) for name in names)

    def say_what_is_missing(self, missing: Sequence[Missing]) -> None:
        """Put each thing that is missing beside its field, or above the form. What is wrong already is not repeated."""
        wrong = {*self.errors, *(PAPER + one.kind for one in self._refused)}
        some_bill = next((f"bill{place}_amount" for place in range(1, len(self._bills) + 1)), "")
        for one in missing:
            name = one.field.replace("documents.", PAPER)
            if name == "lines":
                name = some_bill
                if self._typed_bills():
                    continue  # said beside the bill
            if name not in wrong:
                self.add_error(name if name in self.fields else None, ValidationError(one.text, "missing"))

    @property
    def about_treatment(self) -> list[BoundField]:
        """The fields of the treatment."""
        return [self[name] for name in self._treatment]

    @property
    def bills(self) -> list[tuple[int, list[BoundField], bool]]:
        """Number and fields of each bill, and if it is open: the first, the first new one, those with something."""
        return [
            (place, [self[name] for name in names], place in (1, self._opened) or self._has_something(place, names))
            for place, names in enumerate(self._bills, start=1)
        ]

    def _has_something(self, place: int, names: Mapping[str, str]) -> bool:
        return any(self[name].errors for name in names) or any(
            self.data.get(f"bill{place}_{name}") for name in ("amount", "number", "text", "date_0")
        )

    @property
    def has_room_for_bills(self) -> bool:
        """Whether the page can have more bills."""
        return bool(self._bills) and self.bill_count < MOST_LINES

    @property
    def papers(self) -> list[tuple[BoundField, list[ReceivedFile]]]:
        """The field of each kind of paper, and the scans that are here already."""
        return [(self[PAPER + kind], [one for one in self._kept if one.kind == kind]) for kind, _name in self._papers]


def _bill_count(data: QueryDict | None) -> tuple[int, int]:
    """How many bills the page has, and which one is open because it is the first of those just asked for (0: none)."""
    typed = data.get("bills", "") if data is not None else ""
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else BILLS_AT_ONCE
    count = min(max(count, BILLS_AT_ONCE), MOST_LINES)
    if data is None or "more" not in data:
        return count, 0
    return min(count + BILLS_AT_ONCE, MOST_LINES), count + 1
