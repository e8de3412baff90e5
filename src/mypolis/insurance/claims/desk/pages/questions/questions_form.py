"""The form with which an assessor asks a member: ready-made questions and words of their own, all at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.long_text_field import LongTextField
from mypolis.insurance.claims.desk.questions import LONGEST, ReadyQuestion
from mypolis.insurance.claims.lifecycle.asking import NewQuestion


class QuestionsForm(forms.Form):
    """Some of the `ready` questions, in the member's `language`, and perhaps one in other words."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    ready = forms.MultipleChoiceField(required=False)
    own = LongTextField(
        label=_("Another question"), required=False, max_length=LONGEST, help_text=_("In the member’s language.")
    )
    again = forms.BooleanField(required=False)

    def __init__(
        self, ready: Sequence[ReadyQuestion], language: str, version: int, data: QueryDict | None = None
    ) -> None:
        super().__init__(data, initial={"version": version})
        self._ready, self._language = {f"{one.code}|{one.document}": one for one in ready}, language
        chosen: Any = self.fields["ready"]
        chosen.choices = [(key, one.texts[language]) for key, one in self._ready.items()]

    @property
    def offered(self) -> Sequence[tuple[str, str, str, bool]]:
        """Key and text of each ready-made question, the text for the reader, and whether it is chosen.

        The reader's text is empty if it is the same, or if the market does not speak the reader's language.
        """
        chosen, read = self.data.getlist("ready") if isinstance(self.data, QueryDict) else [], get_language() or ""
        return [
            (key, one.texts[self._language], one.texts.get(read, "") if read != self._language else "", key in chosen)
            for key, one in self._ready.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Refuses a form that asks nothing."""
        clean = super().clean() or self.cleaned_data
        if not self.errors and not clean["ready"] and not clean["own"]:
            raise forms.ValidationError(_("Choose a question, or write one."), "empty")
        return clean

    @property
    def questions(self) -> list[NewQuestion]:
        """What to ask, after validation."""
        chosen = [self._ready[key] for key in self.cleaned_data["ready"]]
        found = [NewQuestion(text=one.texts[self._language], code=one.code, document=one.document) for one in chosen]
        return [*found, NewQuestion(text=self.cleaned_data["own"])] if self.cleaned_data["own"] else found
