"""Questions of assessors to members: ready-made texts, sent together, and a warning before something is asked twice."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.db import transaction
from django.utils import translation

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.lib.text.clean_text import clean_lines
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.adjudication.reasons import REASONS, Kind, sentence
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.desk.draft_decision import draft_kept
from mypolis.insurance.claims.desk.may_work import held, lock
from mypolis.insurance.claims.drafts.missing import wanted_documents
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, Question, day_of
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan import Text

LONGEST = 2_000
_OURS: Final = frozenset({"rate_missing", "plan_unknown"})  # the rules ask these, and an assessor answers them
CODES: Final = tuple(code for code, one in REASONS.items() if one.kind == Kind.QUESTION and code not in _OURS)
"""Reasons for which an assessor asks."""
_ABOUT_A_DOCUMENT: Final = frozenset({"document_missing", "unreadable"})

type Before = Literal["asked", "given"]


@dataclass(frozen=True)
class ReadyQuestion:
    """A question that can be asked with one key. `texts` are by language of the market.

    `document` is the key of the paper that it is about, or empty.
    """

    code: str
    document: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Repeated:
    """Something like a question came before: it was `asked` on a day, or the paper was `given`."""

    code: str
    document: str
    how: Before
    day: date


class AskedBefore(Exception):
    """Something like these questions was asked or given before; the assessor may ask all the same."""

    def __init__(self, found: Sequence[Repeated]) -> None:
        super().__init__(", ".join(sorted({one.code for one in found})))
        self.found = found


def ready_questions(claim: Claim) -> list[ReadyQuestion]:
    """Every question that fits the claim, one for each paper that a member sends with the benefit."""
    benefit = benefit_of(claim)
    documents = {one.key: one.name for one in wanted_documents(benefit)} if benefit is not None else {}
    found = []
    for code in CODES:
        if code not in _ABOUT_A_DOCUMENT:
            found.append(ReadyQuestion(code, "", _texts(claim, code)))
            continue
        for key, name in documents.items():
            found.append(ReadyQuestion(code, key, _texts(claim, code, name)))
    return found


def repeats_of(claim: Claim, questions: Sequence[NewQuestion]) -> list[Repeated]:
    """Which of these were asked before, and which ask for a paper that is there; a photo that is unreadable is not."""
    asked = {(one.code, one.document): one.asked_at for one in claim.questions.order_by("asked_at")}
    papers = ReceivedFile.objects.of(claim).exclude(state=ReceivedState.REFUSED).order_by("received_at")
    given = {file.kind: file.received_at for file in papers}
    found = []
    for one in questions:
        if one.code and (before := asked.get((one.code, one.document))) is not None:
            found.append(Repeated(one.code, one.document, "asked", day_of(before, claim.profile)))
        elif one.code != "unreadable" and one.document in given:
            found.append(Repeated(one.code, one.document, "given", day_of(given[one.document], claim.profile)))
    return found


@transaction.atomic
def ask_member(
    *,
    claim: Claim,
    questions: Sequence[NewQuestion],
    version: int,
    staff: StaffMember,
    by: Actor,
    again: bool = False,
) -> list[Question]:
    """Send all questions at once. `version` is the claim's as the page showed it: a double click asks only once.

    Raises Refused; AskedBefore unless the assessor means to ask `again`; NotAllowed for a clinic's bill, UnsafeText,
    and ValueError without questions or for a code that is no question's.
    """
    locked = lock(claim)
    held(locked, staff, State.IN_REVIEW, State.WAITING)
    asked = [_cleaned(one, version) for one in questions]
    if not asked:
        raise ValueError("there is nothing to ask")
    known = set(locked.questions.exclude(external_id="").values_list("external_id", flat=True))
    found = repeats_of(locked, [one for one in asked if one.id not in known])
    if found and not again:
        raise AskedBefore(found)
    with draft_kept(locked):
        return ask(claim=locked, questions=asked, by=by)


def _cleaned(question: NewQuestion, version: int) -> NewQuestion:
    """The question with an id made of what it says and of the claim's version that the page showed."""
    if question.code and question.code not in CODES:
        raise ValueError(f"{question.code} is no question")
    text = clean_lines(question.text, max_length=LONGEST)
    if not text:
        raise ValueError("a question needs words")
    said = json.dumps([version, question.code, question.document, text])
    key = f"desk-{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    return NewQuestion(id=key, text=text, code=question.code, document=question.document)


def _texts(claim: Claim, code: str, document: Text | None = None) -> dict[str, str]:
    facts = {"provider": claim.provider} if claim.provider else {}
    found = {}
    for language in claim.profile.languages:
        with translation.override(language):
            named = {"document": say(document)} if document is not None else {}
            found[language] = sentence(code, facts | named)
    return found
