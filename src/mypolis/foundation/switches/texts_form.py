"""A form with one text for each language of a market."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets import Profile
from mypolis.foundation.web.form_fields.long_text_field import LongTextField


class TextsForm(forms.Form):
    """Asks for a text in each language of the market, and shows the `texts` that there are.

    With `is_optional` all may be empty, but not only some.
    """

    is_optional = False
    longest = 400

    def __init__(self, *args: Any, profile: Profile, texts: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        self._languages = profile.languages
        for code in profile.languages:
            label = _("Text, %(language)s") % {"language": names[code]}
            self.fields[_name(code)] = LongTextField(
                label=label,
                max_length=self.longest,
                required=not self.is_optional,
                initial=(texts or {}).get(code, ""),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse texts in only some of the languages."""
        data = super().clean() or {}
        given = self.texts
        if given:
            for code in self._languages:
                if code not in given and _name(code) not in self.errors:
                    text = _("%(label)s: please fill this in, or leave all languages empty.")
                    label = self.fields[_name(code)].label
                    self.add_error(_name(code), forms.ValidationError(text, "missing", {"label": label}))
        return data

    @property
    def texts(self) -> dict[str, str]:
        """The texts by language, after validation; without those that are empty."""
        given = {code: self.cleaned_data.get(_name(code), "") for code in self._languages}
        return {code: text for code, text in given.items() if text}


def _name(code: str) -> str:
    return f"text_{code.replace('-', '_')}"
