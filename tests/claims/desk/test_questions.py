"""Questions are collected and sent once; asking for something twice needs a second thought."""

import pytest

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.desk.questions import AskedBefore, ask_member, ready_questions
from mypolis.insurance.claims.desk.refusals import Why
from mypolis.insurance.claims.lifecycle.asking import NewQuestion
from mypolis.insurance.claims.lifecycle.following import Answer, answer
from mypolis.insurance.claims.models import Claim, Question
from mypolis.insurance.coverage.plan_books.plan import Document
from mypolis.membership.accounts.models import Account
from tests.claims.desk.acts import takes
from tests.claims.desk.staff import AGUS, RINA, Colleague
from tests.claims.desk.test_in_hand import assert_refused
from tests.claims.world import actor, reread, sent

UNPAID = NewQuestion(text="Please send the proof that you paid.", code="not_paid_yet")


def asks(staff: Colleague, claim: Claim, *questions: NewQuestion, again: bool = False) -> list[Question]:
    """Somebody asks the member from a page that shows the claim as it is now."""
    version = reread(claim).version
    return ask_member(
        claim=claim, questions=questions or (UNPAID,), version=version, staff=staff, by=staff.actor, again=again
    )


def test_only_who_has_the_claim_in_hand_asks(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert_refused(lambda: asks(AGUS, claim), Why.IN_OTHER_HANDS)


@pytest.mark.parametrize(
    "question",
    [NewQuestion(text="?", code="share"), NewQuestion(text="?", code="rate_missing"), NewQuestion(text=" \n ")],
)
def test_what_is_no_question_is_not_asked(budi: Account, question: NewQuestion) -> None:
    claim = takes(RINA, sent(budi))
    with pytest.raises(ValueError, match="question"):
        asks(RINA, claim, question)
    with pytest.raises(ValueError, match="nothing to ask"):
        ask_member(claim=claim, questions=(), version=1, staff=RINA, by=RINA.actor)


def test_a_paper_that_is_there_is_not_asked_for_without_a_second_thought(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    wanted = NewQuestion(text="We still need the receipt.", code="document_missing", document="receipt")
    with pytest.raises(AskedBefore) as warning:
        asks(RINA, claim, wanted)
    assert [(one.how, one.day) for one in warning.value.found] == [("given", budi.profile.today())]
    assert reread(claim).state == "in_review"
    assert len(asks(RINA, claim, wanted, again=True)) == 1


def test_a_paper_that_the_portal_replaces_is_not_asked_for(budi: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = takes(RINA, sent(budi))
    benefit = benefit_of(claim)
    assert benefit is not None
    form = Document(key="claim-form", name={"en": "Claim form"}, replaced=True)
    with_form = benefit.model_copy(update={"documents": (form, *benefit.documents)})
    monkeypatch.setattr("mypolis.insurance.claims.desk.questions.benefit_of", lambda _claim: with_form)
    asked = {one.document for one in ready_questions(claim) if one.document}
    assert asked == {one.key for one in benefit.documents}


def test_a_better_photo_of_it_may_be_asked_for(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    asks(RINA, claim, NewQuestion(text="We cannot read it.", code="unreadable", document="receipt"))
    assert reread(claim).state == "waiting_for_member"


def test_something_that_was_asked_before_is_not_asked_again_without_a_second_thought(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    asks(RINA, claim)
    answer(account=budi, claim=claim.pk, answers={claim.questions.get().pk: Answer(text="I did.")}, by=actor(budi))
    with pytest.raises(AskedBefore) as warning:
        asks(RINA, claim)
    assert [one.how for one in warning.value.found] == ["asked"]
    asks(RINA, claim, again=True)
    assert claim.questions.count() == 2


def test_a_double_click_asks_once(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    for _click in range(2):
        ask_member(claim=claim, questions=[UNPAID], version=claim.version, staff=RINA, by=RINA.actor)
    assert claim.questions.count() == 1


def test_all_questions_go_out_together(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    asks(RINA, claim, UNPAID, NewQuestion(text="Who was treated?", code="names_differ"))
    assert reread(claim).state == "waiting_for_member"
    assert reread(claim).in_hand.name == "Rina"
    assert claim.questions.count() == 2
    assert Event.objects.get(kind="claim.asked").facts == {"questions": 2}


def test_ready_questions_are_in_every_language_and_name_the_papers_of_the_benefit(budi: Account) -> None:
    found = ready_questions(sent(budi))
    assert all(set(one.texts) == set(budi.profile.languages) for one in found)
    missing = next(one for one in found if one.code == "document_missing")
    assert (missing.document, missing.texts["en"]) == ("receipt", "We still need: Receipt.")
    assert not {"rate_missing", "plan_unknown"} & {one.code for one in found}
