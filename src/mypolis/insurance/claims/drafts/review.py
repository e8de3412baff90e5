"""What the last page of a draft shows: the answers in words, and what is missing, with the page on which to add it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise

from mypolis.insurance.claims.drafts.fields import Section, treatment_fields
from mypolis.insurance.claims.drafts.missing import value_of
from mypolis.insurance.claims.presenters import ShownClaim

_PAGES: Mapping[Section, str] = {
    "treatment": "claim-bills",
    "bills": "claim-bills",
    "documents": "claim-documents",
    "pay": "claim-pay",
}


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing, and the address of the page on which to add it."""

    text: str
    url: str


def lacking_of(one: ShownClaim, *, without_account: bool) -> list[Lacking]:
    """Everything that keeps the draft from being sent. `without_account`: no account was chosen or suggested."""
    claim = one.claim
    return [
        Lacking(
            found.text,
            reverse(_PAGES[found.section], args=[claim.market, claim.pk])
            if found.section in _PAGES
            else reverse("claim-new", args=[claim.market]),
        )
        for found in one.missing
        if found.field != "pay_to" or without_account
    ]


def answers_of(one: ShownClaim) -> list[tuple[str | Promise, str]]:
    """The fields of the treatment that were filled in, with their labels."""
    if one.benefit is None:
        return []
    found: list[tuple[str | Promise, str]] = []
    for field in treatment_fields(one.benefit):
        value = value_of(one.claim, field)
        if field.kind == "date" and isinstance(value, str) and value:
            value = date.fromisoformat(value)
        if value not in (None, ""):
            found.append((field.label, date_format(value) if isinstance(value, date) else str(value)))
    return found
