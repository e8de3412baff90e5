"""What members do with a sent claim: answer questions, withdraw, appeal, choose another account, send it again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.receiving import open_received, receive
from mypolis.foundation.guards.flows import spend
from mypolis.insurance.bank_accounts import access as bank_accounts
from mypolis.insurance.claims import access
from mypolis.insurance.claims.decisions import ledger
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.changing import move, renew
from mypolis.insurance.claims.lifecycle.paying import pay_what_is_due
from mypolis.insurance.claims.lifecycle.sending import receive_if_complete
from mypolis.insurance.claims.lifecycle.states import CAN_SEND_AGAIN, CAN_WITHDRAW, CHANGES, NotAllowed, State
from mypolis.insurance.claims.limits import CLAIMS_STARTED
from mypolis.insurance.claims.models import Appeal, Claim, Line, Question, StateChange, day_of
from mypolis.insurance.claims.payees import payee_of
from mypolis.membership.accounts.models import Account


class UnknownQuestion(Exception):
    """The claim has no such question."""


class NothingAnswered(Exception):
    """The answer has neither words nor a new file."""


class TooLate(Exception):
    """The time for an appeal is over, or the decision was appealed before."""


class SameAccount(Exception):
    """The payment to this account has just come back, so another one is needed."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer to a question. `cannot`: the member cannot get what we asked for, and `text` says why.

    `files` are keys of files of the claim; those of the wanted kind that came since the question need no naming.
    """

    text: str = ""
    cannot: bool = False
    files: Collection[UUID] = ()


@transaction.atomic
def answer(*, account: Account, claim: UUID, answers: Mapping[UUID, Answer], by: Actor) -> Claim:
    """Answer questions inside the claim; the review goes on once none is open.

    Upload files first, as documents of the claim. A file alone answers a question if it came after the question and
    is of the wanted kind. Answering a question again changes nothing. Raises UnknownClaim, NotAllowed, UnknownQuestion,
    NothingAnswered.
    """
    found = access.own(account, claim)
    open_ones = {one.pk: one for one in found.questions.all() if one.answered_at is None}
    known = set(found.questions.values_list("pk", flat=True))
    if not set(answers) <= known:
        raise UnknownQuestion
    if not set(answers) & set(open_ones):
        return found
    if found.state != State.WAITING:
        raise NotAllowed(found.in_state, "answer")
    now = timezone.now()
    loose, wanted = _loose_files(found), _wanted(found)
    for key in sorted(set(answers) & set(open_ones)):
        question, given = open_ones.pop(key), answers[key]
        if not given.text.strip() and not answered_by_file(found, [question]):
            raise NothingAnswered
        question.answer, question.cannot, question.answered_at = given.text.strip(), given.cannot, now
        question.save(update_fields=["answer", "cannot", "answered_at"])
        question.files.set(one for one in loose if one.pk in given.files or _may_answer(question, one, wanted))
        record(ClaimEvent.CLAIM_QUESTION_ANSWERED, market=found.market, by=by, subject=found, cannot=given.cannot)
    if open_ones:
        renew(found)
    else:
        move(found, State.IN_REVIEW if found.received_at else State.SUBMITTED, by=by, now=now)
        receive_if_complete(found, by=by)
    return found


@transaction.atomic
def withdraw(*, account: Account, claim: UUID, by: Actor) -> Claim:
    """Withdraw a claim before its first decision; what it reserved is released. Withdrawing twice changes nothing.

    Raises UnknownClaim, NotAllowed.
    """
    found = access.own(account, claim)
    if found.state == State.WITHDRAWN:
        return found
    if found.in_state not in CAN_WITHDRAW or found.last_decision is not None:
        raise NotAllowed(found.in_state, "withdraw")
    today = day_of(timezone.now(), found.profile)
    move(found, State.WITHDRAWN, by=by, code="withdrawn", facts={"day": today.isoformat()})
    ledger.release(claim=found, by=by)
    return found


@transaction.atomic
def appeal(*, account: Account, claim: UUID, text: str, files: Collection[UUID] = (), by: Actor) -> Claim:
    """Ask that somebody else look at the decision again: once per decision, within the market's days.

    `files` are keys of files of the claim; those that came since the decision need no naming. Raises UnknownClaim,
    NotAllowed, TooLate.
    """
    found = access.own(account, claim)
    decision = found.last_decision
    if found.state == State.APPEALED:
        return found
    if decision is None or State.APPEALED not in CHANGES[found.in_state]:
        raise NotAllowed(found.in_state, "appeal")
    if not may_appeal(found):
        raise TooLate
    made = Appeal.objects.create(decision=decision, text=text.strip())
    made.files.set([one for one in _loose_files(found) if one.pk in files or one.received_at >= decision.recorded_at])
    move(found, State.APPEALED, by=by)
    return found


def may_appeal(claim: Claim) -> bool:
    """Whether the last decision can be appealed today. A claim granted in full has nothing to appeal."""
    decision = claim.last_decision
    if decision is None or decision.outcome == State.APPROVED or claim.appeal_until is None:
        return False
    if decision.its_appeal is not None:
        return False
    return State.APPEALED in CHANGES[claim.in_state] and claim.appeal_until >= claim.profile.today()


@transaction.atomic
def change_account(*, account: Account, claim: UUID, pay_to: UUID, by: Actor) -> Claim:
    """Choose another account after a payment came back; all that is due is then paid there.

    Raises UnknownClaim, NotAllowed, UnknownBankAccount, SameAccount.
    """
    found = access.own(account, claim)
    if found.state != State.PAYMENT_FAILED:
        raise NotAllowed(found.in_state, "change-account")
    chosen = bank_accounts.find(payee_of(found, account), pay_to)
    if chosen.pk == found.pay_to_id:
        raise SameAccount
    found.pay_to = chosen
    pay_what_is_due(found, by=by)
    move(found, State.TO_BE_PAID, by=by, changed=("pay_to",))
    return found


@transaction.atomic
def send_again(*, account: Account, claim: UUID, by: Actor) -> Claim:
    """Begin a new draft with everything that a rejected, lapsed or withdrawn claim held, except its decision.

    Files stay with the old claim; the new one gets copies of those that are still kept, which are checked again. If
    there is such a draft already, it is returned. Raises UnknownClaim, NotAllowed, LimitReached.
    """
    old = access.own(account, claim)
    if old.in_state not in CAN_SEND_AGAIN:
        raise NotAllowed(old.in_state, "send-again")
    begun = old.repeats.drafts().filter(account=account).first()
    if begun is not None:
        return begun
    spend(CLAIMS_STARTED, str(account.pk), market=account.market)
    fields = ("market", "membership", "benefit", "treated_on", "until", "provider", "diagnosis", "details", "pay_to")
    basis = old.basis if old.account_id == account.pk else None  # a giver who took the claim over acts for themself
    new = Claim(**{name: getattr(old, name) for name in fields}, account=account, basis=basis, related=old)
    new.save(force_insert=True)
    copied = ("place", "date", "until", "benefit", "text", "number", "count", "same_case_as", "amount", "currency")
    Line.objects.bulk_create(
        [Line(claim=new, **{name: getattr(line, name) for name in copied}) for line in old.lines.all()]
    )
    StateChange.objects.create(claim=new, after=State.DRAFT, by_kind=by.kind, by_id=by.id)
    record(ClaimEvent.CLAIM_STARTED, market=new.market, by=by, subject=new)
    for file in ReceivedFile.objects.of(old).exclude(state=ReceivedState.REFUSED).filter(key__isnull=False):
        receive(market=new.market, owner=new, kind=file.kind, name=file.name, content=open_received(file), by=by)
    return new


def answered_by_file(claim: Claim, questions: Iterable[Question]) -> frozenset[UUID]:
    """The keys of the questions for which a file came after they were asked. Refused files do not count."""
    came = list(ReceivedFile.objects.of(claim).exclude(state=ReceivedState.REFUSED))
    wanted = _wanted(claim)
    return frozenset(one.pk for one in questions if any(_may_answer(one, file, wanted) for file in came))


def _loose_files(claim: Claim) -> list[ReceivedFile]:
    """The claim's files that belong to no answer and no appeal, without those that were refused; the oldest first."""
    answers = Question.files.through.objects.filter(question__claim=claim).values("receivedfile")
    appeals = Appeal.files.through.objects.filter(appeal__decision__claim=claim).values("receivedfile")
    rows = ReceivedFile.objects.of(claim).exclude(state=ReceivedState.REFUSED)
    return list(rows.exclude(pk__in=answers).exclude(pk__in=appeals).order_by("received_at", "pk"))


def _wanted(claim: Claim) -> set[str]:
    """The kinds of papers that the claim's questions want."""
    return {one.document for one in claim.questions.all() if one.document}


def _may_answer(question: Question, file: ReceivedFile, wanted: Collection[str]) -> bool:
    """A question that wants no paper is answered by any new file but those that another question wants."""
    fits = file.kind == question.document if question.document else file.kind not in wanted
    return fits and file.received_at >= question.asked_at
