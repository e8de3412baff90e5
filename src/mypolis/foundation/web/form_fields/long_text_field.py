"""A form field for a text of several lines."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mypolis.foundation.lib.text.clean_text import UnsafeText, clean_lines
from mypolis.foundation.web.form_fields.fields import UNSAFE, DrawnField


class LongTextField(DrawnField, forms.CharField):
    """A text of several lines; control and direction-changing characters are refused."""

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, *, max_length: int = 1_000, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: object) -> str:
        """The text, with each line trimmed and in one normal form."""
        text = super().to_python(value)
        try:
            return clean_lines(text, max_length=(self.max_length or 0) * 4) if text else ""
        except UnsafeText:
            raise ValidationError(UNSAFE, "unsafe") from None
