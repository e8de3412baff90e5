"""The form for a bank account. Which fields it has depends on the accounts to which the market pays."""

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.definitions.steps import StepForm
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.claim_rules import AccountKind
from mypolis.foundation.markets.profile import Text
from mypolis.foundation.web.form_fields.fields import ListField, NameField, PasswordField, TextField
from mypolis.foundation.web.form_fields.long_text_field import LongTextField
from mypolis.insurance.bank_accounts.banks import INDONESIAN
from mypolis.insurance.bank_accounts.numbers.account_number import AccountNumber, NumberCode, NumberError
from mypolis.insurance.bank_accounts.numbers.reading import may_be_read_without_bank, read_number
from mypolis.insurance.bank_accounts.numbers.russian_details import find_details
from mypolis.membership.accounts.models import Account

_OTHER_BANK = "other"
_OF_RUSSIA: dict[NumberCode, Text] = {
    "format": _("We find no account number of 20 digits here. Please copy the details again, or type the number."),
    "checksum": _("The number and the BIK do not fit together. Please compare both with your bank’s app or contract."),
}
"""Problems of Russian accounts that others do not have: the number is among other details, and checked with the BIK."""


class AccountNumberField(TextField):
    """An account number or IBAN, as typed, with or without spaces and dashes."""

    autocomplete = "off"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)
        self.widget.attrs.update(autocapitalize="characters", spellcheck="false")


class AccountDetailsField(LongTextField):
    """An account number, or all details of an account as a bank's app copies them."""

    autocomplete = "off"
    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})


class BikField(TextField):
    """The code of a Russian bank: nine digits."""

    autocomplete = "off"
    widget = forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)


class BankCodeField(TextField):
    """The code of an Indonesian bank that is not on our list: three digits."""

    autocomplete = "off"
    widget = forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)


class BankAccountForm(StepForm):
    """The member's bank account. `kinds` are those to which the market pays."""

    kinds: ClassVar[tuple[AccountKind, ...]] = ()
    problems: ClassVar[dict[NumberCode, Text]] = {
        "format": _("An account number has digits only. Please check it."),
        "length": _("This number is too short or too long. Please compare it with your bank’s app or contract."),
        "checksum": _("There is a typing error in this number. Please compare it with your bank’s app or contract."),
        "unknown_country": _("We cannot pay to accounts of this country."),
        "no_iban": _("An IBAN begins with two letters and two digits. Please check it."),
        "bank_format": _("Please check the bank’s code: it has digits only."),
        "bank_length": _("Please check the bank’s code: a digit is missing, or there is one too many."),
        "correspondent": _("This is the account of the bank itself. Your own account number begins with 408 or 423."),
        "not_personal": _("This is not the account of a person. Please enter your own; it begins with 408 or 423."),
        "currency": _("We can pay only to an account in roubles. Please enter one."),
    }

    def arrange(self) -> None:
        """Suggest the member's own name. Ask for no password right after sign-in."""
        member = Account.objects.select_related("person").get(pk=int(self.walk.member))
        self.initial.setdefault("holder", member.person.display_name)
        if self.walk.entry("is_fresh"):
            del self.fields["password"]

    def clean(self) -> dict[str, Any]:
        """Check the number together with the bank's code."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "ru" in self.kinds:
            _take_apart(cleaned)
        number, name = cleaned.get("account_number"), self._name_of_bank_field(cleaned)
        if number and name and not cleaned.get(name) and not may_be_read_without_bank(self.kinds, number):
            if name not in self.errors:
                self.add_error(name, ValidationError(self.fields[name].error_messages["required"], "required"))
        elif number:
            try:
                read_account(self.kinds, cleaned)
            except NumberError as error:
                is_of_bank = error.code.startswith("bank_")
                field = name if name and is_of_bank else "account_number"
                of_russia = _OF_RUSSIA if "ru" in self.kinds else {}
                problem = of_russia.get(error.code, self.problems[error.code])
                self.add_error(field, ValidationError(problem, error.code))
        return cleaned

    def _name_of_bank_field(self, cleaned: dict[str, Any]) -> str:
        name = next((name for name in ("bik", "bank") if name in self.fields), "")
        return "bank_code" if cleaned.get("bank") == _OTHER_BANK else name


def _take_apart(cleaned: dict[str, Any]) -> None:
    """Keep only the account number of copied details, and their BIK unless one was typed in its own field."""
    found = find_details(cleaned.get("account_number") or "")
    if found.account:
        cleaned["account_number"] = found.account
    if found.bik and not cleaned.get("bik"):
        cleaned["bik"] = found.bik


def read_account(kinds: Collection[AccountKind], clean: dict[str, Any]) -> AccountNumber:
    """Read the account from clean answers. Raises NumberError."""
    bank = clean.get("bik") or clean.get("bank") or ""
    code = clean.get("bank_code") or "" if bank == _OTHER_BANK else bank
    return read_number(kinds, str(clean["account_number"]), bank=str(code))


def bank_account_form(profile: Profile) -> type[BankAccountForm]:
    """Return the form for the kinds of accounts to which this market pays."""
    kinds = profile.claims.account_kinds
    is_bank_needed = "iban" not in kinds
    fields: dict[str, object] = {"kinds": kinds}
    if "id" in kinds:
        known = ((code, f"{name} ({code})") for code, name in INDONESIAN.items())
        choices = [("", _("Choose your bank")), *known, (_OTHER_BANK, _("Another bank"))]
        fields["bank"] = ListField(label=_("Your bank"), choices=choices, required=is_bank_needed)
        only = _("Only if your bank is not on the list. It has three digits.")
        fields["bank_code"] = BankCodeField(label=_("Code of the bank"), help_text=only, required=False)
    number_field = AccountDetailsField if "ru" in kinds else AccountNumberField
    fields["account_number"] = number_field(label=_label(kinds), help_text=_help(kinds))
    if "ru" in kinds:
        where = _("Nine digits. Only if the BIK is not in the field above.")
        fields["bik"] = BikField(label=_("Bank’s BIK"), help_text=where, required=False)
    fields["holder"] = NameField(label=_("Account holder"), help_text=_("As your bank writes it."), autocomplete="name")
    fields["password"] = PasswordField(label=_("Your current password"))
    return type("BankAccountFields", (BankAccountForm,), fields)


def _label(kinds: Collection[AccountKind]) -> Text:
    if set(kinds) == {"iban"}:
        return _("Account number (IBAN)")
    if "ru" in kinds and "iban" not in kinds:
        return _("Details of the account")
    return _("Account number or IBAN") if "iban" in kinds else _("Account number")


def _help(kinds: Collection[AccountKind]) -> Text:
    if "rs" in kinds:
        return _("For example 160-123456789-56. You can type it with or without dashes.")
    if "ru" in kinds:
        return _("Copy all details from your bank’s app, or type the number and the BIK. Not the number on the card.")
    return _("Not the number on the card.")
