"""Form fields. Each validates one kind of value and renders itself: `{{ form.mobile.as_field_group }}`.

A field has a `kind` (the template `web/fields/<kind>.html`) and a `json_type` (its name in the API). The values of
`secret` fields are never shown again and never stored as typed.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.email_addresses import LONGEST as LONGEST_EMAIL
from mypolis.foundation.lib.email_addresses import EmailAddressError, read_email
from mypolis.foundation.lib.jmbg import JmbgError, normalise_jmbg
from mypolis.foundation.lib.phones import PhoneError, calling_code, parse_mobile
from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_line
from mypolis.foundation.lib.text.folding import ascii_digits, fold_reference, fold_username
from mypolis.foundation.markets.profile import Text

LONGEST_PASSWORD = 128
UNSAFE = _("Please remove the characters that cannot be used here.")


class Renderer(TemplatesSetting):
    """Lets forms find templates in the same places as pages."""


class SecretBoundField(forms.BoundField):
    """A bound field whose value is never rendered, whatever its widget would do."""

    def value(self) -> None:
        """Return None, so that the page does not contain what was typed."""


class DrawnField(forms.Field):
    """Base class of the portal's form fields."""

    kind: ClassVar[str] = "text"
    json_type: ClassVar[str] = "text"
    secret: ClassVar[bool] = False
    pattern: str | None = None
    autocomplete: str | None = None
    final_length: ClassVar[int | None] = None  # length of the final value, if people may type more

    def __init__(self, *, autocomplete: str | None = None, **kwargs: Any) -> None:
        missing = format_lazy("{label}: {what}", label=kwargs.get("label", ""), what=_("please fill this in."))
        kwargs.setdefault("error_messages", {}).setdefault("required", missing)
        super().__init__(template_name=f"web/fields/{self.kind}.html", **kwargs)
        if autocomplete is not None:
            self.autocomplete = autocomplete
        if self.autocomplete:
            self.widget.attrs["autocomplete"] = self.autocomplete

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Return the bound field; a secret field is rendered empty."""
        return (SecretBoundField if self.secret else forms.BoundField)(form, self, field_name)


def safe_line(text: str | None, *, longest: int) -> str:
    """Return the line, trimmed and normalised. Raises ValidationError. The field's validators check the length."""
    try:
        return clean_line(text, max_length=longest * 4) if text else ""
    except UnsafeText:
        raise ValidationError(UNSAFE, "unsafe") from None


class TextField(DrawnField, forms.CharField):
    """One line of text; control and direction-changing characters are refused."""

    def __init__(self, *, max_length: int = 120, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: object) -> str:
        """The line, trimmed and in one normal form."""
        return safe_line(super().to_python(value), longest=self.max_length or 0)


class NameField(TextField):
    """Part of a person's name; kept as typed."""


class UsernameField(TextField):
    """A username for signing in, where it is neither an e-mail address nor a mobile number; gives the stored form."""

    autocomplete = "username"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)
        self.widget.attrs.update(autocapitalize="none", spellcheck="false")

    def to_python(self, value: object) -> str:
        """Return the name in the stored form, whatever keyboard it was typed on."""
        return fold_username(super().to_python(value))


class ReferenceField(TextField):
    """A number that somebody has on paper, such as a policy's: letters and digits, with any separators."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)
        self.widget.attrs.update(autocapitalize="characters", spellcheck="false")

    def to_python(self, value: object) -> str:
        """Return the number as typed. Refuses a text that has only separators."""
        text = super().to_python(value)
        if text and not fold_reference(text):
            raise ValidationError(_("Enter the number as it appears on your policy or card."), "invalid")
        return text


class EmailField(DrawnField, forms.EmailField):
    """An e-mail address; gives the canonical form, which is used for comparing and for sending."""

    kind = "email"
    json_type = "email"
    autocomplete = "email"
    problems: ClassVar[dict[str, Text]] = {
        "malformed": _("Enter an email address in the form name@example.com."),
        "ambiguous": _(
            "Some letters after the @ can be read in several ways. Please type this part of the address again."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_EMAIL, error_messages={"invalid": self.problems["malformed"]}, **kwargs)

    def to_python(self, value: object) -> str:
        """Return the address in canonical form. Refuses a domain that programs interpret differently."""
        text = safe_line(super().to_python(value), longest=LONGEST_EMAIL)
        if not text:
            return ""
        try:
            return read_email(text).canonical
        except EmailAddressError as error:
            raise ValidationError(self.problems[error.code], "invalid") from None


class MobileField(TextField):
    """A mobile number of one region that can receive SMS; gives E.164."""

    kind = "phone"
    json_type = "tel"
    autocomplete = "tel"
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
    problems: ClassVar[dict[str, Text]] = {
        "not_a_number": _("Enter a mobile number, with or without the country code."),
        "not_mobile": _("Enter a mobile number that can receive SMS."),
        "wrong_country": _("Enter a mobile number of this country."),
        "has_extension": _("Enter a mobile number without an extension."),
    }

    def __init__(self, *, region: str, **kwargs: Any) -> None:
        self.region = region
        self.prefix = calling_code(region)
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: object) -> str:
        """The number in E.164."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return parse_mobile(text, region=self.region)
        except PhoneError as error:
            raise ValidationError(self.problems[error.code], error.code) from None


class JmbgField(TextField):
    """A Serbian national id (JMBG or a foreigner's number); gives 13 digits."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"})
    autocomplete = "off"
    pattern = "[0-9 .-]{13,20}"
    problems: ClassVar[dict[str, Text]] = {
        "format": _("A JMBG has digits only."),
        "length": _("A JMBG has 13 digits. If it begins with 0, type the 0 too."),
        "checksum": _("This JMBG has a typing error. Please compare it with your identity card."),
        "date": _("This JMBG has a typing error in the date of birth. Please compare it with your identity card."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def to_python(self, value: object) -> str:
        """The 13 digits."""
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return normalise_jmbg(text)
        except JmbgError as error:
            raise ValidationError(self.problems[error.code], error.code) from None


class CodeField(TextField):
    """A one-time code of six digits. Spaces and digits of other scripts are accepted."""

    kind = "code"
    secret = True
    autocomplete = "one-time-code"
    pattern = "[0-9]{6}"
    final_length = 6
    widget = forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def to_python(self, value: object) -> str:
        """Six digits."""
        code = re.sub(r"[\s-]", "", ascii_digits(super().to_python(value)))
        if code and not re.fullmatch(self.pattern or "", code):
            raise ValidationError(_("The code has 6 digits."), "invalid")
        return code


class Hint(NamedTuple):
    """One password rule: its name for the script, and its text."""

    name: str
    text: Text


class PasswordField(DrawnField, forms.CharField):
    """A password, exactly as typed, including spaces. Its strength is checked where the person is known.

    For a new password, `hints` are the rules for the page and `measures` the rules for its script. `same_as` is the id
    of the field that this one repeats.
    """

    kind = "password"
    json_type = "password"
    secret = True
    widget = forms.PasswordInput

    def __init__(self, *, new: bool = False, **kwargs: Any) -> None:
        autocomplete = "new-password" if new else "current-password"
        self.new = new
        self.hints: list[Hint] = []
        self.measures: dict[str, int] = {}
        self.same_as = ""
        super().__init__(strip=False, max_length=LONGEST_PASSWORD, autocomplete=autocomplete, **kwargs)


class ConsentField(DrawnField, forms.BooleanField):
    """A checkbox for a legal document; `document` is its key in the brand folder."""

    kind = "consent"
    json_type = "boolean"

    def __init__(self, *, document: str, **kwargs: Any) -> None:
        self.document = document
        self.document_url = ""
        self.document_title: Text = ""
        messages = {"required": _("Please confirm this to continue.")}
        super().__init__(error_messages=messages, **kwargs)


class ChoiceField(DrawnField, forms.ChoiceField):
    """A choice of one option, rendered as cards."""

    kind = "choice"
    json_type = "choice"
    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _("Please choose one."), "invalid_choice": _("Please choose one.")}
        super().__init__(error_messages=messages, **kwargs)


class ListField(ChoiceField):
    """A choice from a list that is too long for cards."""

    kind = "text"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Select, **kwargs)


class ChoicesField(DrawnField, forms.MultipleChoiceField):
    """A choice of one or several options, rendered as cards with boxes to tick."""

    kind = "choice"
    json_type = "choices"
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _("Please choose at least one."), "invalid_choice": _("Please choose from the list.")}
        super().__init__(error_messages=messages, **kwargs)


class NumberField(DrawnField, forms.IntegerField):
    """A whole number. `wrong` says which ones are taken, from `min_value` to `max_value`."""

    kind = "number"
    json_type = "number"

    def __init__(self, *, wrong: Text, **kwargs: Any) -> None:
        messages = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        super().__init__(error_messages=messages, **kwargs)


def secret_names() -> frozenset[str]:
    """Return the names of all secret fields in our forms. Their values are never shown or stored.

    For code that has the submitted data but not the form. A field declares it with `DrawnField.secret`.
    """
    return frozenset(
        name
        for form in _all_forms(forms.Form)
        for name, field in form.base_fields.items()
        if getattr(field, "secret", False)
    )


def _all_forms(kind: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for form in kind.__subclasses__():
        yield form
        yield from _all_forms(form)
