"""What the desk of a market did with a claim, through the flows of its pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mypolis.demo.cast.colleagues import colleagues
from mypolis.demo.samples.claims import Claimant
from mypolis.demo.samples.desk_days.case import Day, Fate
from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Role
from mypolis.foundation.staff.models import StaffAccount
from mypolis.insurance.claims.desk import in_hand
from mypolis.insurance.claims.desk.assessment import assess
from mypolis.insurance.claims.desk.draft_decision import save_line
from mypolis.insurance.claims.desk.outcomes import waiting
from mypolis.insurance.claims.desk.outcomes.deciding import confirm, decide
from mypolis.insurance.claims.desk.outcomes.preview import digest_of, preview
from mypolis.insurance.claims.desk.questions import ask_member
from mypolis.insurance.claims.desk.typed_lines import TypedLine
from mypolis.insurance.claims.lifecycle import following
from mypolis.insurance.claims.lifecycle.asking import NewQuestion
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import AssessmentDraft, Claim, WaitingDecision
from mypolis.insurance.coverage.ledger import entries
from mypolis.insurance.coverage.ledger.arithmetic import Ask

_CORE: Final = Actor("partner", "demo")


class Desk:
    """The colleagues of a market who work on claims: an assessor, and a senior one."""

    def __init__(self, market: str) -> None:
        self._market = market
        self.assessor = self._first("assessor")
        self.senior = self._first("senior-assessor")

    def _first(self, role: Role) -> StaffAccount:
        email = next(one.email for one in colleagues(self._market) if one.role == role)
        return StaffAccount.objects.get(email_key=email)


@dataclass(frozen=True)
class _Work:
    """A claim on the desk, who sent it, who works there, and what they say that day."""

    claim: Claim
    member: Claimant
    desk: Desk
    day: Day

    def take(self, staff: StaffAccount) -> None:
        """Somebody takes the claim in hand."""
        in_hand.take(claim=self.claim, staff=staff, by=_by(staff))
        self.claim.refresh_from_db()

    def type(self, typed: TypedLine) -> None:
        """The assessor types the same about every line."""
        staff = self.desk.assessor
        for line in self.claim.lines.all():
            version = self._draft.version
            save_line(claim=self.claim, line=line.pk, typed=typed, version=version, staff=staff, by=_by(staff))

    def decide(self) -> None:
        """The assessor decides; above their authority it waits for a second person."""
        version, previewed = self._shown()
        staff = self.desk.assessor
        decide(claim=self.claim, version=version, previewed=previewed, staff=staff, by=_by(staff))
        self.claim.refresh_from_db()

    def confirm(self) -> None:
        """The senior confirms what the assessor proposed."""
        staff = self.desk.senior
        self.take(staff)
        version, previewed = self._shown()
        confirm(claim=self.claim, version=version, previewed=previewed, staff=staff, by=_by(staff))
        self.claim.refresh_from_db()

    def enter(self) -> None:
        """The assessor decides, and can still take it back."""
        version, previewed = self._shown()
        staff = self.desk.assessor
        waiting.enter(claim=self.claim, version=version, previewed=previewed, staff=staff, by=_by(staff))

    @property
    def proposed(self) -> Decimal:
        """What the rules grant in all, with what was typed."""
        return assess(self.claim, self._draft).granted

    @property
    def _draft(self) -> AssessmentDraft:
        return AssessmentDraft.objects.get(claim=self.claim)

    def _shown(self) -> tuple[int, str]:
        """The version of the draft, and the digest of what the member will read."""
        draft = self._draft
        return draft.version, digest_of(preview(assess(self.claim, draft)))


def bring_to(fate: Fate, claim: Claim, member: Claimant, *, desk: Desk, day: Day) -> None:
    """Let the desk and the member bring a sent claim as far as its fate says."""
    if fate in _WAYS:
        _WAYS[fate](_Work(claim, member, desk, day))


def _by(staff: StaffAccount) -> Actor:
    return Actor("staff", str(staff.pk))


def _asked(work: _Work) -> None:
    staff = work.desk.assessor
    work.take(staff)
    question = NewQuestion(text=work.day.question)
    ask_member(claim=work.claim, questions=[question], version=work.claim.version, staff=staff, by=_by(staff))


def _answered(work: _Work) -> None:
    _asked(work)
    question = work.claim.questions.get()
    answers = {question.pk: following.Answer(text=work.day.answer)}
    following.answer(account=work.member.account, claim=work.claim.pk, answers=answers, by=work.member.by)


def _second_review(work: _Work) -> None:
    """The bill is above an assessor's authority, or it is granted although the rules refuse it."""
    work.take(work.desk.assessor)
    line = work.claim.lines.get()
    work.type(TypedLine(granted=line.amount))
    work.decide()
    if work.claim.state != State.SECOND_REVIEW:
        raise RuntimeError(f"a sum that needs two people in {work.claim.market} was decided by one")


def _decided(work: _Work) -> None:
    """It is paid: if the rules propose nothing, two people grant all of it."""
    work.take(work.desk.assessor)
    if not work.proposed:
        work.type(TypedLine(granted=work.claim.lines.get().amount))
    work.decide()
    if work.claim.state == State.SECOND_REVIEW:
        work.confirm()


def _appealed(work: _Work) -> None:
    """The assessor refuses the claim, and the member appeals: a colleague has to look again."""
    work.take(work.desk.assessor)
    work.type(TypedLine(refusal="not_needed"))
    work.decide()
    following.appeal(account=work.member.account, claim=work.claim.pk, text=work.day.appeal, by=work.member.by)


def _stopped(work: _Work) -> None:
    """While the decision waits, the core system reports other treatment: less of the limit is left than was shown."""
    work.take(work.desk.assessor)
    work.enter()
    line = work.claim.lines.get()
    amount = line.amount or Decimal(0)
    ask = Ask(member=work.claim.membership_id, benefit=line.benefit, day=work.member.profile.today(), amount=amount)
    key = f"demo-after-{work.claim.number}"
    entries.use(membership=work.member.membership, ask=ask, external_id=key, by=_CORE)
    waiting.record_waiting(WaitingDecision.objects.get(claim=work.claim).pk)


def _with_colleague(work: _Work) -> None:
    work.take(work.desk.senior)


_WAYS: Final[Mapping[Fate, Callable[[_Work], None]]] = {
    Fate.ASKED: _asked,
    Fate.ANSWERED: _answered,
    Fate.DECIDED: _decided,
    Fate.SECOND_REVIEW: _second_review,
    Fate.APPEALED: _appealed,
    Fate.STOPPED: _stopped,
    Fate.WITH_COLLEAGUE: _with_colleague,
}
