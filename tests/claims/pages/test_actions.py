"""Answering, withdrawing, appealing, another account, sending again: as forms, also at the wrong moment."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.lifecycle import following
from mypolis.insurance.claims.lifecycle.asking import NewQuestion
from mypolis.insurance.claims.limits import CLAIMS_STARTED
from mypolis.insurance.claims.models import Appeal, Claim
from mypolis.membership.accounts.models import Account
from tests.claims.pages.reading import (
    Reader,
    appeal_over,
    decided,
    page_words,
    paid,
    questioned,
    rejected,
    returned,
)
from tests.claims.world import bank_account, draft, paper, reread, sent


@pytest.fixture
def reader(budi: Account) -> Reader:
    return Reader(budi)


def refusal(response: Any) -> str:
    assert response.status_code == 409
    return page_words(response)


# Questions


def test_an_empty_answer_is_refused_with_words_and_nothing_is_lost(budi: Account, reader: Reader) -> None:
    claim = questioned(budi, NewQuestion(id="a", text="First?"), NewQuestion(id="b", text="Second?"))
    first, second = claim.questions.all()
    nothing = reader.post(reader.address(claim, "answers/"))
    assert nothing.status_code == 422
    assert "Please write an answer, or add the file." in page_words(nothing)
    data = {f"text-{first.pk}": "A cough.", f"cannot-{second.pk}": "on"}
    half = reader.post(reader.address(claim, "answers/"), data)
    assert half.status_code == 422
    page = page_words(half)
    assert "Please say why you cannot get this." in page
    assert "A cough." in half.content.decode()
    assert reread(claim).state == "waiting_for_member"


def test_questions_are_answered_one_by_one_and_the_review_goes_on_after_the_last(budi: Account, reader: Reader) -> None:
    claim = questioned(budi, NewQuestion(id="a", text="First?"), NewQuestion(id="b", text="Second?"))
    first, second = claim.questions.all()
    answered = reader.post(reader.address(claim, "answers/"), {f"text-{first.pk}": "A cough."})
    assert answered["Location"] == reader.address(claim)
    page = reader.read(reader.address(claim))
    assert "Second?" in page
    assert "First? A cough." in page
    data = {f"text-{second.pk}": "The doctor moved away.", f"cannot-{second.pk}": "on"}
    reader.post(reader.address(claim, "answers/"), data)
    assert reread(claim).state == "in_review"
    assert "You cannot get this: The doctor moved away." in reader.read(reader.address(claim))
    again = reader.post(reader.address(claim, "answers/"), data)
    assert again["Location"] == reader.address(claim)


def test_a_new_file_answers_a_question_without_words_but_a_refused_one_does_not(budi: Account, reader: Reader) -> None:
    claim = questioned(budi, NewQuestion(id="a", text="Send the report.", document="report"))
    paper(claim, "report", content=b"bad", state="refused")
    assert reader.post(reader.address(claim, "answers/")).status_code == 422
    paper(claim, "report", content=b"good")
    assert reader.post(reader.address(claim, "answers/")).status_code == 302
    assert reread(claim).state == "in_review"


def test_a_file_of_an_ordinary_form_answers_too_and_one_that_is_empty_is_refused_with_words(
    budi: Account, reader: Reader
) -> None:
    claim = questioned(budi, NewQuestion(id="a", text="Send the report.", document="report"))
    empty = reader.post(reader.address(claim, "answers/"), {"report": SimpleUploadedFile("r.jpg", b"")})
    assert empty.status_code == 422
    assert "This file is empty." in page_words(empty)
    assert reread(claim).state == "waiting_for_member"
    done = reader.post(reader.address(claim, "answers/"), {"report": SimpleUploadedFile("r.jpg", b"a picture")})
    assert done["Location"] == reader.address(claim)
    file = ReceivedFile.objects.of(claim).get(kind="report")
    assert (file.name, file.size, reread(claim).state) == ("r.jpg", 9, "in_review")


def test_a_file_that_is_refused_while_the_answer_is_on_its_way_is_asked_for_again(
    budi: Account, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, answer = questioned(budi), following.answer
    file = paper(claim, "other")

    def late(**named: Any) -> Claim:
        ReceivedFile.objects.filter(pk=file.pk).update(state="refused")
        return answer(**named)

    monkeypatch.setattr(following, "answer", late)
    response = reader.post(reader.address(claim, "answers/"), {})
    assert response.status_code == 422
    assert "Please write an answer, or add the file." in page_words(response)
    assert reread(claim).state == "waiting_for_member"


def test_answers_without_a_question_change_nothing(budi: Account, reader: Reader) -> None:
    claim = sent(budi)
    assert reader.post(reader.address(claim, "answers/"))["Location"] == reader.address(claim)


# Withdrawal


def test_a_claim_is_withdrawn_after_a_question_and_not_after_the_decision(budi: Account, reader: Reader) -> None:
    claim = sent(budi)
    assert "Withdraw the claim?" in reader.read(reader.address(claim, "withdraw/"))
    assert "Keep the original receipts" in reader.read(reader.address(claim))
    assert reread(claim).state == "received"
    for _time in range(2):
        assert reader.post(reader.address(claim, "withdraw/"))["Location"] == reader.address(claim)
    assert reread(claim).state == "withdrawn"
    assert "Keep the original receipts" not in reader.read(reader.address(claim)), "nothing will be paid"
    late = decided(budi)
    assert "Payment on its way" in refusal(reader.get(reader.address(late, "withdraw/")))
    refusal(reader.post(reader.address(late, "withdraw/")))


# Appeal


def test_an_appeal_needs_words_and_is_made_once(budi: Account, reader: Reader) -> None:
    claim = rejected(budi)
    assert "You can appeal once, until" in reader.read(reader.address(claim, "appeal/"))
    assert reader.post(reader.address(claim, "appeal/"), {"text": "  "}).status_code == 422
    for _time in range(2):
        response = reader.post(reader.address(claim, "appeal/"), {"text": "The plan says otherwise."})
        assert response["Location"] == reader.address(claim)
    assert Appeal.objects.get().text == "The plan says otherwise."
    assert "Appeal in review" in reader.read(reader.address(claim))


def test_an_appeal_is_possible_only_after_a_decision_and_in_time(budi: Account, reader: Reader) -> None:
    for claim in (sent(budi), appeal_over(rejected(budi))):
        refusal(reader.get(reader.address(claim, "appeal/")))
        refusal(reader.post(reader.address(claim, "appeal/"), {"text": "No."}))
    assert Appeal.objects.count() == 0


# Another account


def test_after_a_payment_came_back_another_account_is_chosen(budi: Account, reader: Reader) -> None:
    claim, other = returned(budi), bank_account(budi, "9988776655")
    page = reader.read(reader.address(claim))
    assert "the account is closed" in page
    assert "Choose another account" in page
    form = reader.get(reader.address(claim, f"account/?bank_account={other.pk}")).content.decode()
    assert str(claim.pay_to_id) not in form, "the bank has just sent the money back from there"
    assert f"bank-account/?return_to=claim-payment:{claim.pk}" in form
    assert reader.post(reader.address(claim, "account/"), {}).status_code == 422
    assert reader.post(reader.address(claim, "account/"), {"bank_account": "x"}).status_code == 422
    same = reader.post(reader.address(claim, "account/"), {"bank_account": str(claim.pay_to_id)})
    assert (same.status_code, reread(claim).state) == (422, "payment_failed")
    done = reader.post(reader.address(claim, "account/"), {"bank_account": str(other.pk)})
    assert done["Location"] == reader.address(claim)
    assert reread(claim).state == "to_be_paid"
    refusal(reader.post(reader.address(claim, "account/"), {"bank_account": str(other.pk)}))


def test_an_account_from_which_the_money_came_back_meanwhile_is_not_paid_again(
    budi: Account, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, other, choose = returned(budi), bank_account(budi, "9988776655"), following.change_account

    def late(**named: Any) -> Claim:
        Claim.objects.filter(pk=claim.pk).update(pay_to=other)
        return choose(**named)

    monkeypatch.setattr(following, "change_account", late)
    refusal(reader.post(reader.address(claim, "account/"), {"bank_account": str(other.pk)}))
    assert reread(claim).state == "payment_failed"


# Sending again


def test_sending_again_counts_as_beginning_a_draft(budi: Account, reader: Reader) -> None:
    claim = rejected(budi)
    for _time in range(CLAIMS_STARTED.most - 1):
        draft(budi)
    assert reader.post(reader.address(claim, "again/")).status_code == 429
    assert not claim.repeats.exists()


def test_a_claim_is_sent_again_with_its_files_and_twice_gives_one_draft(budi: Account, reader: Reader) -> None:
    claim = rejected(budi)
    first, second = (reader.post(reader.address(claim, "again/"))["Location"] for _time in range(2))
    assert first == second
    new = claim.repeats.get()
    assert first == reader.address(new)
    copied = ReceivedFile.objects.of(new).get()
    assert copied.sha256 == ReceivedFile.objects.of(claim).get().sha256
    refusal(reader.post(reader.address(paid(budi), "again/")))


def test_an_appeal_without_a_reason_is_asked_for_one(budi: Account, reader: Reader) -> None:
    refused = reader.post(reader.address(rejected(budi), "appeal/"), {"text": ""})
    assert refused.status_code == 422
    page = page_words(refused)
    assert "Please write why you disagree." in page
    assert "?:" not in page
