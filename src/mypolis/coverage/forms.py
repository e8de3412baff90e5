"""What members type about their cover."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.web.fields import TextField

LONGEST_QUESTION = 120


class AskForm(forms.Form):
    """A question in a few words. The browser is asked not to remember them: they may tell of an illness."""

    words = TextField(
        label=_("Am I covered for …?"),
        help_text=_("For example: toothache, glasses, MRI"),
        max_length=LONGEST_QUESTION,
        autocomplete="off",
    )
