"""The draft of a decision: what an assessor changed in the rules' proposal. Nothing that was typed is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.text.clean_text import clean_line
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.desk.assessment import assess, typed_lines
from mypolis.insurance.claims.desk.may_work import held, lock
from mypolis.insurance.claims.desk.typed_lines import TypedLine
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.changing import move
from mypolis.insurance.claims.lifecycle.states import State, Who
from mypolis.insurance.claims.models import AssessmentDraft, Claim

LONGEST_NOTE = 600


class Unusable(Exception):
    """A typed value cannot be used; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DraftChanged(Exception):
    """Somebody, or the same person in another tab, changed the draft after the page was shown."""


def draft_for(claim: Claim) -> AssessmentDraft:
    """The draft of a locked claim; made from what the rules propose now if there is none. The caller records it."""
    found = AssessmentDraft.objects.filter(claim=claim).first()
    if found is not None:
        return found
    return AssessmentDraft.objects.create(claim=claim, basis=assess(claim, None).basis.as_json())


def draft_to_begin_with(claim: Claim) -> AssessmentDraft:
    """The draft of a locked claim for somebody who begins to work on it.

    If nothing was typed, the draft now rests on today's figures. What a second person confirms stays as it was
    assessed.
    """
    draft = draft_for(claim)
    if draft.lines or claim.in_state == State.SECOND_REVIEW:
        return draft
    basis = assess(claim, draft).basis.as_json()
    if basis != draft.basis:
        draft.basis, draft.version = basis, draft.version + 1
        draft.save(update_fields=["basis", "version"])
    return draft


def move_with_draft(claim: Claim, to: State, *, by: Actor, who: Who | None = None) -> None:
    """Change a locked claim's state as `move` does; a draft that rested on the claim as it was rests on it still."""
    with draft_kept(claim):
        move(claim, to, by=by, who=who)


@contextmanager
def draft_kept(claim: Claim) -> Iterator[None]:
    """What the desk itself changes in a locked claim is no news: a draft that rested on the claim rests on it still."""
    draft = AssessmentDraft.objects.filter(claim=claim).first()
    was_current = draft is not None and draft.basis.get("claim") == claim.version
    yield
    if draft is not None and was_current:
        draft.basis = {**draft.basis, "claim": Claim.objects.values_list("version", flat=True).get(pk=claim.pk)}
        draft.save(update_fields=["basis"])


@transaction.atomic
def save_line(
    *, claim: Claim, line: UUID, typed: TypedLine, version: int, staff: StaffMember, by: Actor
) -> AssessmentDraft:
    """Save what somebody typed about a line, under the version of the draft that they saw.

    Raises Refused, DraftChanged, Unusable (also for a line of another claim).
    """
    locked = lock(claim)
    held(locked, staff, State.IN_REVIEW)
    draft = _at(draft_for(locked), version)
    if not locked.lines.filter(pk=line).exists():
        raise Unusable("line")
    cleaned = clean_line(typed.note, max_length=LONGEST_NOTE)
    if problem := typed.problem:
        raise Unusable(problem)
    typed = TypedLine(**{**vars(typed), "note": cleaned})
    draft.lines = {**draft.lines, str(line): typed.as_json()}
    _save(draft, locked, "lines", by=by)
    return draft


@transaction.atomic
def renew(*, claim: Claim, version: int, staff: StaffMember, by: Actor) -> AssessmentDraft:
    """Let the draft rest on the claim, plan and limits of now, after the assessor saw what changed.

    What was typed stays. Raises Refused, DraftChanged.
    """
    locked = lock(claim)
    held(locked, staff, State.IN_REVIEW, State.SECOND_REVIEW)
    draft = _at(draft_for(locked), version)
    draft.basis = assess(locked, draft).basis.as_json()
    _save(draft, locked, "basis", by=by)
    return draft


def _at(draft: AssessmentDraft, version: int) -> AssessmentDraft:
    if draft.version != version:
        raise DraftChanged
    return draft


def _save(draft: AssessmentDraft, claim: Claim, field: str, *, by: Actor) -> None:
    draft.version += 1
    draft.touched_at = timezone.now()
    draft.save(update_fields=[field, "version", "touched_at"])
    lines = len(typed_lines(draft))
    record(ClaimEvent.CLAIM_ASSESSMENT_SAVED, market=claim.market, by=by, subject=claim, lines=lines, what=field)
