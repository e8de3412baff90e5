"""Checkboxes for consents to legal texts. We record the text and the language that the page showed."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import get_language

from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.journeys.definitions.steps import StepForm, Walk
from mypolis.foundation.web.form_fields.fields import ConsentField
from mypolis.membership.accounts.models import Account
from mypolis.membership.consents.documents import Document, document
from mypolis.membership.consents.flows import give_all


class DocumentsForm(StepForm):
    """A form with consent checkboxes."""

    def arrange(self) -> None:
        """Link every checkbox to its document in the language of the page."""
        super().arrange()
        self.documents: list[Document] = []
        market = self.walk.journey.market
        for field in self.fields.values():
            if isinstance(field, ConsentField):
                text = document(market, field.document, get_language() or "")
                field.document_url = reverse("legal", args=[market, field.document])
                field.document_title = text.title
                self.documents.append(text)


def accepted(walk: Walk, clean: Facts) -> Facts:
    """Return a step's facts about its checkboxes: `{"accepted": {document: language}}` for each one that was ticked."""
    language = get_language() or ""
    prefix = "accept_"
    ticked = [name.removeprefix(prefix) for name, value in clean.items() if name.startswith(prefix) and value is True]
    return {"accepted": {key: document(walk.journey.market, key, language).language for key in ticked}}


def give_consents(walk: Walk, account: Account, *, steps: Iterable[str]) -> None:
    """Record the consents given in these steps. A checkbox that was not ticked records nothing."""
    shown: dict[str, str] = {}
    for step in steps:
        accepted_there = walk.fact(step, "accepted")
        if isinstance(accepted_there, dict):
            shown |= {key: str(language) for key, language in accepted_there.items()}
    give_all(account=account, shown=shown, by=walk.by.as_member(account.pk))
