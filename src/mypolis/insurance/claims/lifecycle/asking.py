"""Asks members questions about their claims, for a core system, an assessor, an operator or the check of files."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle import clock
from mypolis.insurance.claims.lifecycle.changing import move, renew, tell_questions, who_is
from mypolis.insurance.claims.lifecycle.deciding import IdReused
from mypolis.insurance.claims.lifecycle.states import NotAllowed, State, check
from mypolis.insurance.claims.models import Claim, Question


@dataclass(frozen=True, kw_only=True)
class NewQuestion:
    """A question for the member. `code` is a reason of kind question, `document` the key of a wanted document."""

    text: str
    id: str = ""
    code: str = ""
    document: str = ""


@transaction.atomic
def ask(*, claim: Claim, questions: Sequence[NewQuestion], by: Actor) -> list[Question]:
    """Ask the member, all questions at once. A question whose id is known is not asked again.

    The member then has the market's days to answer, even if they were asked before; only a refused file gives no more.
    Returns the questions with these ids. Raises NotAllowed, also for a clinic's bill, because no member made that
    claim; IdReused if an id came before with another text or document.
    """
    locked = Claim.objects.select_for_update().select_related("membership__policy").get(pk=claim.pk)
    if locked.origin == "clinic":
        raise NotAllowed(locked.in_state, "ask")
    known = {one.external_id: one for one in locked.questions.exclude(external_id="")}
    if any(one.id in known and not _asks_the_same(known[one.id], one) for one in questions):
        raise IdReused
    new = [one for one in questions if one.id not in known]
    if new:
        check(locked.in_state, State.WAITING, who_is(by)) if locked.state != State.WAITING else None
        rows = [
            Question(claim=locked, external_id=one.id, code=one.code, document=one.document, text=one.text)
            for one in new
        ]
        Question.objects.bulk_create(rows)
        record(ClaimEvent.CLAIM_ASKED, market=locked.market, by=by, subject=locked, questions=len(new))
        if locked.state != State.WAITING:
            move(locked, State.WAITING, by=by)
        else:
            if who_is(by) != "system":  # a refused file gives no more time, or bad files could put off the end for ever
                clock.wait_anew(locked, now=timezone.now())
            renew(locked)
            tell_questions(locked, by=by)
    ids = [one.id for one in questions]
    return [one for one in locked.questions.all() if one.external_id in ids]


def _asks_the_same(known: Question, given: NewQuestion) -> bool:
    return (known.text, known.document) == (given.text, given.document)
