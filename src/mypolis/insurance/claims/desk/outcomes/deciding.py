"""Decides claims at the desk: alone up to one's authority, above it together with a second person."""

from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.text.clean_text import clean_line
from mypolis.foundation.staff.access import StaffMember
from mypolis.insurance.claims.desk.assessment import Assessment, assess, typed_lines
from mypolis.insurance.claims.desk.authority import authority_of, may_confirm
from mypolis.insurance.claims.desk.basis import Basis, Changed
from mypolis.insurance.claims.desk.draft_decision import LONGEST_NOTE, DraftChanged, move_with_draft
from mypolis.insurance.claims.desk.may_work import held, lock
from mypolis.insurance.claims.desk.outcomes.preview import digest_of, preview
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.deciding import decide as record_decision
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import AssessmentDraft, Claim, ClaimInHand, Decision


class Stale(Exception):
    """Something changed since the draft was made; `changed` says what. Nothing that was typed is lost."""

    def __init__(self, changed: tuple[Changed, ...]) -> None:
        super().__init__(", ".join(changed))
        self.changed = changed


class Undecidable(Exception):
    """Some lines cannot be decided yet; `problems` has the code of each by its key."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(set(problems.values()))))
        self.problems = problems


class NotPreviewed(Exception):
    """The member would read something else than what the assessor was shown, or a rejection was not shown at all."""


@dataclass(frozen=True)
class Done:
    """What came of it: the claim was decided, it now waits for a second person, or its decision waits to be recorded
    (`waiting.py`). `decision` is there in the first case only."""

    came_to: Literal["decided", "second_review", "waiting"]
    decision: Decision | None = None


@dataclass(frozen=True)
class Ready:
    """A draft with its assessment that can be decided. `goes_on`: a second person has to agree first."""

    draft: AssessmentDraft
    assessment: Assessment
    goes_on: bool


@transaction.atomic
def decide(*, claim: Claim, version: int, previewed: str, staff: StaffMember, by: Actor) -> Done:
    """Decide a claim that one has in hand, as its draft says. `version` is that of the draft that was shown.

    A sum above one's authority, or above what the rules allow, goes to a second person instead. `previewed` is the
    digest of the sentences that were shown (`preview.digest_of`): a claim of which nothing is granted needs it; for
    others it may be empty. Raises Refused, DraftChanged, Stale, Undecidable, NotPreviewed.
    """
    locked = lock(claim)
    held(locked, staff, State.IN_REVIEW)
    ready = checked(locked, version=version, previewed=previewed, staff=staff)
    if ready.goes_on:
        _send_to_second(locked, staff, by=by)
        return Done("second_review")
    return _decided(locked, ready, by=by)


@transaction.atomic
def confirm(*, claim: Claim, version: int, previewed: str, staff: StaffMember, by: Actor) -> Done:
    """Decide as somebody else assessed. Whoever confirms is never the first, and needs the authority for the sum.

    Raises Refused, DraftChanged, Stale, Undecidable, NotPreviewed.
    """
    locked = lock(claim)
    held(locked, staff, State.SECOND_REVIEW)
    return _decided(locked, checked(locked, version=version, previewed=previewed, staff=staff), by=by)


@transaction.atomic
def send_back(*, claim: Claim, remark: str, staff: StaffMember, by: Actor) -> Claim:
    """Send an assessment back with a remark; then an assessor takes it again. What was typed stays. Raises Refused."""
    locked = lock(claim)
    held(locked, staff, State.SECOND_REVIEW)
    move_with_draft(locked, State.ASSESSED, by=by)
    cleaned = clean_line(remark, max_length=LONGEST_NOTE)
    draft = AssessmentDraft.objects.get(claim=locked)
    draft.remark, draft.assessed_by, draft.assessed_name = cleaned, None, ""
    draft.save(update_fields=["remark", "assessed_by", "assessed_name"])
    ClaimInHand.objects.filter(claim=locked).delete()
    record(ClaimEvent.CLAIM_SENT_BACK, market=locked.market, by=by, subject=locked)
    return locked


def checked(claim: Claim, *, version: int, previewed: str, staff: StaffMember) -> Ready:
    """Check that a locked claim can be decided as its draft says; the limits stay until the transaction ends.

    Whoever confirms an assessment needs the authority for its sum. Raises Refused, DraftChanged, Stale, Undecidable,
    NotPreviewed.
    """
    draft, assessment = _assessed(claim, version)
    _check_preview(assessment, previewed)
    if claim.in_state != State.SECOND_REVIEW:
        goes_on = assessment.is_raised or assessment.granted > authority_of(staff, claim)
        return Ready(draft, assessment, goes_on)
    if not may_confirm(staff, claim, assessment.granted):
        raise Refused(Why.HIGHER_AUTHORITY, who_can="senior-assessor")
    return Ready(draft, assessment, goes_on=False)


def _assessed(claim: Claim, version: int) -> tuple[AssessmentDraft, Assessment]:
    """The draft with its assessment, on the limits as they stay until the transaction ends."""
    draft = AssessmentDraft.objects.filter(claim=claim).first()
    if draft is None or draft.version != version:
        raise DraftChanged
    assessment = assess(claim, draft, lock=True)
    if changed := Basis.from_json(draft.basis).changed_to(assessment.basis):
        raise Stale(changed)
    if problems := assessment.problems:
        raise Undecidable(dict(problems))
    return draft, assessment


def _check_preview(assessment: Assessment, previewed: str) -> None:
    if not previewed and assessment.result != "rejected":
        return
    if previewed != digest_of(preview(assessment)):
        raise NotPreviewed


def _send_to_second(claim: Claim, staff: StaffMember, *, by: Actor) -> None:
    move_with_draft(claim, State.ASSESSED, by=by)
    move_with_draft(claim, State.SECOND_REVIEW, by=by, who="system")
    draft = AssessmentDraft.objects.get(claim=claim)
    draft.assessed_by, draft.assessed_name, draft.remark = staff.pk, staff.name, ""
    draft.save(update_fields=["assessed_by", "assessed_name", "remark"])
    ClaimInHand.objects.filter(claim=claim).delete()


def _decided(claim: Claim, ready: Ready, *, by: Actor) -> Done:
    typed, assessment = typed_lines(ready.draft), ready.assessment
    for assessed in assessment.lines:
        line = assessed.line
        if (one := typed.get(str(line.pk))) is not None:
            line.save(update_fields=one.put_on(line))
    verdict = assessment.verdict(timezone.now())
    recorded = record_decision(claim=claim, verdict=verdict, by=by, lowered_for=assessment.lowered_for)
    return Done("decided", recorded.decision)
