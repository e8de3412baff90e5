"""Asks members what a core system wants to know."""

from mypolis.foundation.events import Actor
from mypolis.foundation.lib.text.clean_text import clean_line
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.models import Claim, Question

LONGEST = 2_000


class UnknownDocument(Exception):
    """The claim's benefit asks for no paper of this kind."""


def take_question(*, claim: Claim, id: str, text: str, document: str, by: Actor) -> Question:  # noqa: A002
    """Ask the member, once under an id. Raises UnknownDocument, NotAllowed, IdReused, UnsafeText."""
    if document and document not in _documents(claim):
        raise UnknownDocument
    cleaned = "\n".join(clean_line(line, max_length=LONGEST) for line in text.splitlines()).strip()
    (asked,) = ask(claim=claim, questions=[NewQuestion(id=id, text=cleaned, document=document)], by=by)
    return asked


def _documents(claim: Claim) -> set[str]:
    benefit = benefit_of(claim)
    return {document.key for document in benefit.documents} if benefit else set()
