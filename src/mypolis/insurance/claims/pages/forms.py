"""Forms of the pages on which members follow a claim: answers to questions, an appeal, another account."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.form_fields.fields import ChoiceField, DrawnField
from mypolis.foundation.web.form_fields.long_text_field import LongTextField
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.drafts.checklist import OTHER
from mypolis.insurance.claims.lifecycle.following import Answer
from mypolis.insurance.claims.models import Question

LONGEST_ANSWER = 2_000
LONGEST_APPEAL = 5_000


class TickField(DrawnField, forms.BooleanField):
    """A box to tick; it may stay empty."""

    kind = "consent"
    json_type = "boolean"
    document_url = ""


class AnswerForm(forms.Form):
    """Answers to the open questions of a claim: words, or the reason why something cannot be had.

    `filed` are the keys of questions for which a new file came; these need no words. Questions may stay unanswered,
    but not all of them.
    """

    mark_required = True  # nothing is, so no field says "optional" either

    def __init__(self, questions: Sequence[Question], filed: frozenset[UUID], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions, self.filed = questions, filed
        for question in questions:
            self.fields[_text(question)] = LongTextField(
                label=_("Your answer"), max_length=LONGEST_ANSWER, required=False
            )
            self.fields[_cannot(question)] = TickField(
                label=_("I cannot get this"), help_text=_("Please say above why."), required=False
            )

    @property
    def asked(self) -> list[tuple[Question, forms.BoundField, forms.BoundField, str]]:
        """Each question with its two fields, and the kind of files that answer it; each kind only once."""
        kinds = list(dict.fromkeys(_kind(one) for one in self.questions))
        first = {kind: next(one.pk for one in self.questions if _kind(one) == kind) for kind in kinds}
        return [
            (one, self[_text(one)], self[_cannot(one)], _kind(one) if first[_kind(one)] == one.pk else "")
            for one in self.questions
        ]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of files that answer the questions: without script, the names of the fields with files."""
        return frozenset(_kind(one) for one in self.questions)

    @property
    def answers(self) -> dict[UUID, Answer]:
        """What was answered, by the key of the question. The form must be valid."""
        found = {}
        for one in self.questions:
            text, cannot = self.cleaned_data[_text(one)], self.cleaned_data[_cannot(one)]
            if text or one.pk in self.filed:
                found[one.pk] = Answer(text=text, cannot=cannot)
        return found

    def clean(self) -> dict[str, Any]:
        """Check that something was answered, and that "I cannot get this" has a reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for one in self.questions:
            if cleaned.get(_cannot(one)) and not cleaned.get(_text(one)):
                self.add_error(_text(one), ValidationError(_("Please say why you cannot get this."), "no_reason"))
        if not self.errors and not self.answers:
            self.add_nothing_answered()
        return cleaned

    def add_nothing_answered(self) -> None:
        """Add the error that neither words nor a file answer any question."""
        first = _text(self.questions[0])
        self.add_error(first, ValidationError(_("Please write an answer, or add the file."), "nothing"))


class AppealForm(forms.Form):
    """Why the member thinks that the decision is wrong."""

    text = LongTextField(
        label=_("Why do you disagree?"),
        help_text=_("In your own words. Say which line you mean, and what we should look at again."),
        max_length=LONGEST_APPEAL,
        error_messages={"required": _("Please write why you disagree.")},
    )


class AccountForm(forms.Form):
    """The account to which a payment that came back is paid now."""

    bank_account = ChoiceField(label=_("Pay to"))

    def __init__(self, accounts: Sequence[BankAccount], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bank_account"]
        field.choices = [(str(one.pk), f"{one.bank_name} {one.shown}".strip()) for one in accounts]  # type: ignore[attr-defined]


def _kind(question: Question) -> str:
    return question.document or OTHER


def _text(question: Question) -> str:
    return f"text-{question.pk}"


def _cannot(question: Question) -> str:
    return f"cannot-{question.pk}"
