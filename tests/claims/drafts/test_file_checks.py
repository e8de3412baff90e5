"""After a file was checked: a refused one becomes a question, and once none is being checked the claim is received."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.cleaning.refusal_texts import refusal_text
from mypolis.foundation.files.jobs import forget_received
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.insurance.claims.file_checks import checked
from mypolis.insurance.claims.lifecycle.following import Answer, answer, withdraw
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.world import actor, complete, paper, reread, sent
from tests.clock import stopped_at


def found(file: ReceivedFile, state: ReceivedState, reason: str = "", codes: tuple[str, ...] = ()) -> None:
    """Report the result of a check, as the check does."""
    file.state, file.reason = state, reason
    file.save(update_fields=["state", "reason"])
    checked(received=file, codes=codes, by=SYSTEM)


def file_of(claim: Claim) -> ReceivedFile:
    return ReceivedFile.objects.of(claim).latest("received_at")


def test_a_refused_file_of_a_draft_asks_nothing(budi: Account) -> None:
    claim = complete(budi, files="checking")
    found(file_of(claim), ReceivedState.REFUSED, "damaged")
    assert (reread(claim).state, claim.questions.count()) == (State.DRAFT, 0)


def test_a_refused_file_of_a_sent_claim_becomes_a_question(budi: Account) -> None:
    claim = sent(budi, files="checking")
    found(file_of(claim), ReceivedState.REFUSED, "damaged")
    question = claim.questions.get()
    assert (reread(claim).state, question.code, question.document) == (State.WAITING, "unreadable", "receipt")
    assert "Receipt" in question.text


def test_the_same_refusal_is_asked_about_once(budi: Account) -> None:
    claim = sent(budi, files="checking")
    for _time in range(2):
        found(file_of(claim), ReceivedState.REFUSED, "damaged")
    assert claim.questions.count() == 1


def test_a_claim_is_received_once_no_file_is_being_checked(budi: Account) -> None:
    claim = complete(budi, files="checking")
    second = paper(claim, content=b"second", state="checking")
    claim = submit(account=budi, claim=claim.pk, by=actor(budi))
    first = ReceivedFile.objects.of(claim).exclude(pk=second.pk).get()
    found(first, ReceivedState.CLEAN)
    assert reread(claim).state == State.SUBMITTED
    found(second, ReceivedState.CLEAN)
    assert reread(claim).state == State.RECEIVED


def test_a_replaced_file_lets_the_claim_go_on(budi: Account) -> None:
    claim = sent(budi, files="checking")
    found(file_of(claim), ReceivedState.REFUSED, "damaged")
    new = paper(claim, content=b"better", state="checking")
    question = claim.questions.get()
    answer(account=budi, claim=claim.pk, answers={question.pk: Answer()}, by=actor(budi))
    assert reread(claim).state == State.SUBMITTED
    found(new, ReceivedState.CLEAN)
    assert reread(claim).state == State.RECEIVED, "the refused file is history"


def test_a_new_file_that_is_refused_too_asks_again(budi: Account) -> None:
    claim = sent(budi, files="checking")
    found(file_of(claim), ReceivedState.REFUSED, "damaged")
    new = paper(claim, content=b"worse", state="checking")
    answer(account=budi, claim=claim.pk, answers={claim.questions.get().pk: Answer()}, by=actor(budi))
    found(new, ReceivedState.REFUSED, "encrypted_pdf")
    assert reread(claim).state == State.WAITING
    assert claim.questions.filter(answered_at=None).count() == 1


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.LAPSED, State.PAID, State.APPROVED])
def test_a_claim_that_takes_no_question_stays_as_it_is(budi: Account, state: State) -> None:
    claim = sent(budi, files="checking")
    Claim.objects.filter(pk=claim.pk).update(state=state)
    found(file_of(claim), ReceivedState.REFUSED, "damaged")
    assert (reread(claim).state, claim.questions.count()) == (state, 0)


def test_a_file_of_a_withdrawn_claim_that_is_never_checked_does_not_wait_for_ever(budi: Account) -> None:
    claim = sent(budi, files="checking")
    withdraw(account=budi, claim=claim.pk, by=actor(budi))
    with stopped_at(timezone.now() + timedelta(days=62)):
        forget_received(timestamp=0)
    assert (file_of(claim).state, reread(claim).state) == ("refused", State.WITHDRAWN)
    assert claim.questions.count() == 0


def test_files_of_other_owners_are_left_alone(budi: Account) -> None:
    claim = sent(budi, files="checking")
    file = file_of(claim)
    file.owner = "people.policy:7"
    checked(received=file, codes=(), by=SYSTEM)
    assert reread(claim).state == State.SUBMITTED


def test_what_was_wrong_is_said_in_the_members_language(budi: Account) -> None:
    claim = sent(budi, files="checking")
    found(file_of(claim), ReceivedState.REFUSED, "encrypted_pdf")
    assert refusal_text("encrypted_pdf") not in claim.questions.get().text, "the member reads Indonesian"
