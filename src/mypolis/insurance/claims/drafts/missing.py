"""What a draft lacks before it can be sent, each with why it matters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.insurance.claims.drafts.fields import DraftField, Section, needs_bills, treatment_fields
from mypolis.insurance.claims.models import Claim, Line
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan import Benefit, Document


@dataclass(frozen=True)
class Missing:
    """One thing that a claim lacks. `field` is its name in JSON, `section` the page on which to add it."""

    field: str
    text: str
    section: Section


def missing(
    claim: Claim, benefit: Benefit | None, lines: Sequence[Line], files: Iterable[ReceivedFile], today: date
) -> list[Missing]:
    """Everything that keeps a draft from being sent, in the order of the sections, in the current language."""
    if benefit is None:
        return [Missing("benefit", _("Choose what the claim is for: your plan decides what we ask."), "member")]
    return [
        *_of_treatment(claim, benefit, today),
        *_of_bills(benefit, lines, today),
        *_of_documents(benefit, files),
        *_of_account(claim),
    ]


def wanted_documents(benefit: Benefit) -> tuple[Document, ...]:
    """The benefit's papers, without those that a claim in the portal replaces."""
    return tuple(document for document in benefit.documents if not document.replaced)


def value_of(claim: Claim, field: DraftField) -> Any:
    """What a draft holds in a field; details keep dates as text."""
    return claim.details.get(field.name) if field.in_details else getattr(claim, field.name)


def _of_treatment(claim: Claim, benefit: Benefit, today: date) -> list[Missing]:
    found = []
    for field in treatment_fields(benefit):
        value = value_of(claim, field)
        if field.required and value in (None, ""):
            found.append(Missing(field.name, _("Fill in “%(field)s”.") % {"field": field.label}, "treatment"))
    first, last = claim.treated_on, claim.until
    if first is not None and first > today:
        found.append(
            Missing("treated_on", _("The day is in the future. Claims are for what has happened."), "treatment")
        )
    if first is not None and last is not None and last < first:
        found.append(Missing("until", _("The last day is before the first."), "treatment"))
    return found


def _of_bills(benefit: Benefit, lines: Sequence[Line], today: date) -> list[Missing]:
    if not lines and needs_bills(benefit):
        return [Missing("lines", _("Add at least one bill. Without a bill we cannot pay."), "bills")]
    found = []
    for place, line in enumerate(lines, start=1):
        number = {"number": place}
        if line.date is None:
            found.append(Missing("lines", _("Bill %(number)d has no date.") % number, "bills"))
        elif line.date > today:
            found.append(Missing("lines", _("The date of bill %(number)d is in the future.") % number, "bills"))
        if line.amount is None:
            found.append(Missing("lines", _("Bill %(number)d has no amount.") % number, "bills"))
    return found


def _of_documents(benefit: Benefit, files: Iterable[ReceivedFile]) -> list[Missing]:
    here = {file.kind for file in files if file.state != ReceivedState.REFUSED}
    return [
        Missing(
            f"documents.{document.key}",
            _("Add a photo or PDF of: %(document)s") % {"document": say(document.name)},
            "documents",
        )
        for document in wanted_documents(benefit)
        if document.key not in here
    ]


def _of_account(claim: Claim) -> list[Missing]:
    if claim.chosen_account is not None:
        return []
    return [Missing("pay_to", _("Choose the account to which we pay."), "pay")]
