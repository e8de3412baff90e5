"""Changes the state of a claim: checks the rules, writes the row, keeps the clock, notifies.

`decisions/bulk_writing.py` does the same for many claims that the rules decide. Nothing else changes a stored state.
"""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.insurance.claims import access
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle import clock, sealing, states
from mypolis.insurance.claims.lifecycle.sentences import Facts, sentence_for
from mypolis.insurance.claims.lifecycle.states import State, Who
from mypolis.insurance.claims.models import AssessmentDraft, Claim, ClaimInHand, StateChange, WaitingDecision
from mypolis.membership.accounts.messages import notify
from mypolis.membership.accounts.models import Account

_WHO: Mapping[str, Who] = {"member": "member", "staff": "staff", "partner": "partner", "system": "system"}


def who_is(by: Actor) -> Who:
    """The actor in the words of the table of states. Raises ValueError for an actor that changes no claims."""
    if by.kind not in _WHO:
        raise ValueError(f"{by.kind} changes no claims")
    return _WHO[by.kind]


def move(
    claim: Claim,
    to: State,
    *,
    by: Actor,
    who: Who | None = None,
    code: str = "",
    facts: Facts | None = None,
    now: datetime | None = None,
    changed: tuple[str, ...] = (),
) -> StateChange:
    """Change the state of a locked claim, inside the caller's transaction.

    Pass `who` only where the portal itself acts within somebody's request. `code` and `facts` make the sentence for
    the member, in each language of the market. `changed` names further fields of the claim that the caller set.
    Raises NotAllowed, and ValueError for an actor that changes no claims.
    """
    before = claim.in_state
    was_decided = to in states.ENDED_UNDECIDED and claim.last_decision is not None
    change = states.check(before, to, who or who_is(by), was_decided=was_decided)
    now = now or timezone.now()
    claim.state = to
    clocked = clock.follow(claim, before, change.clock, now=now)
    claim.version += 1
    claim.touched_at = now
    claim.save(update_fields=["state", "version", "touched_at", *clocked, *changed])
    row = StateChange.objects.create(
        claim=claim,
        before=before,
        after=to,
        at=now,
        by_kind="system" if who == "system" else by.kind,
        by_id="" if who == "system" else by.id,
        code=code,
        sentences=_in_every_language(claim, to, code, facts or {}),
    )
    record(ClaimEvent.CLAIM_CHANGED, market=claim.market, by=by, subject=claim, before=before, after=str(to), code=code)
    sealing.follow(claim, now=now, by=by)
    if to in states.DECIDED | states.ENDED_UNDECIDED:
        _clear_the_desk(claim)
    if change.told:
        tell(claim, row, by=by)
    return row


def begin_with(claim: Claim, *, by: Actor, now: datetime) -> StateChange:
    """Write the first row of a claim that did not begin as a draft."""
    to = claim.in_state
    sentences = _in_every_language(claim, to, "", {})
    return StateChange.objects.create(claim=claim, after=to, at=now, by_kind=by.kind, by_id=by.id, sentences=sentences)


def renew(claim: Claim) -> None:
    """Give the claim a new version after a change that keeps its state. The caller locks the claim and records it."""
    claim.version += 1
    claim.touched_at = timezone.now()
    claim.save(update_fields=["version", "touched_at"])


def tell(claim: Claim, change: StateChange, *, by: Actor) -> None:
    """Send the news to whoever made the claim, if they may still see it, and to the insured person if that is another.

    The message names no illness, provider or sum: it says that there is news, and links to the claim.
    """
    to = State(change.after)
    if to == State.WAITING:
        tell_questions(claim, by=by)
        return
    for account in _readers(claim):
        with translation.override(account.language):
            if to == State.SUBMITTED and change.before == State.DRAFT and claim.came_by:
                _notify(account, "claim-entered", claim, by=by)
            elif to == State.SUBMITTED and change.before == State.DRAFT:
                _notify(account, "claim-sent", claim, by=by, files=_files_of(claim))
            else:
                _notify(account, "claim-news", claim, by=by, headline=str(states.STATE_LABELS[to]))


def tell_questions(claim: Claim, *, by: Actor) -> None:
    """Say that there are questions, and by when to answer them. Raises ValueError if the claim does not wait."""
    if claim.answer_by is None:
        raise ValueError("the claim does not wait for its member")
    for account in _readers(claim):
        _notify(account, "claim-questions", claim, by=by, day=claim.answer_by.isoformat())


def tell_clinic_bill(claim: Claim, *, by: Actor) -> None:
    """Ask the insured person, if they have an account, whether the treatment that a clinic billed was theirs."""
    for account in _readers(claim):
        _notify(account, "claim-clinic-bill", claim, by=by)


def _clear_the_desk(claim: Claim) -> None:
    """Nobody works on a claim any more that was decided or has ended; what they typed and did not decide is deleted."""
    ClaimInHand.objects.filter(claim=claim).delete()
    AssessmentDraft.objects.filter(claim=claim).delete()
    WaitingDecision.objects.filter(claim=claim).delete()


def _notify(account: Account, template: str, claim: Claim, *, by: Actor, **more: str) -> None:
    """Send a message about a claim. The day's limit counts each claim separately: all of a family's bills are told."""
    url = address_of_page(claim.market, "claims", f"{claim.pk}/")
    notify(account, template, {"number": claim.number, "url": url, **more}, by=by, about=str(claim.pk))


def _files_of(claim: Claim) -> str:
    """A numbered list of the received files, with size and digest; names could tell too much."""
    files = ReceivedFile.objects.of(claim).order_by("received_at")
    rows = [_("%(size)s bytes, SHA-256 %(digest)s") % {"size": file.size, "digest": file.sha256} for file in files]
    return "; ".join(f"{place}. {row}" for place, row in enumerate(rows, start=1)) or "–"


def _readers(claim: Claim) -> list[Account]:
    made = [claim.account] if claim.account is not None and access.may_still_see(claim.account, claim) else []
    if made and claim.basis is None:
        return made
    insured = Account.objects.filter(person=claim.membership.person_id)
    return [*made, *(account for account in insured if account not in made)]


def _in_every_language(claim: Claim, to: State, code: str, facts: Facts) -> dict[str, str]:
    sentences = {}
    for language in claim.profile.languages:
        with translation.override(language):
            sentences[language] = sentence_for(claim, to, code, facts)
    return sentences
