"""Forms about a member's cover."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.fields import TextField
from mypolis.insurance.coverage.cover import PolicyCover
from mypolis.insurance.coverage.search.search_index import examples_for

LONGEST_QUESTION = 120


class AskForm(forms.Form):
    """A question in a few words. Autocomplete is off, since the words may reveal an illness.

    `covers` belong to the member: the hint names only examples that match something in them.
    """

    words = TextField(label=_("Am I covered for …?"), max_length=LONGEST_QUESTION, autocomplete="off")

    def __init__(self, covers: Sequence[PolicyCover] = (), data: Any = None) -> None:
        super().__init__(data)
        examples = examples_for(covers, get_language() or "")
        if examples:
            self.fields["words"].help_text = _("For example: %(words)s") % {"words": ", ".join(examples)}
