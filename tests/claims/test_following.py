"""After sending: questions, withdrawal, decision, appeal and payment."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.notices.models import Message
from mypolis.foundation.notices.rendering import parcel_of
from mypolis.insurance.claims import access, jobs
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.changing import tell_questions
from mypolis.insurance.claims.lifecycle.deciding import Contradicting, IdReused, decide
from mypolis.insurance.claims.lifecycle.following import (
    Answer,
    NothingAnswered,
    SameAccount,
    TooLate,
    UnknownQuestion,
    answer,
    appeal,
    change_account,
    may_appeal,
    send_again,
    withdraw,
)
from mypolis.insurance.claims.lifecycle.paying import pay
from mypolis.insurance.claims.lifecycle.states import NotAllowed, State
from mypolis.insurance.claims.models import Claim, Decision, Payment
from mypolis.membership.accounts.limits import NOTICES
from mypolis.membership.accounts.models import Account
from tests.claims.verdicts import CORE, decided, later, questioned, verdict
from tests.claims.world import actor, bank_account, bill, changed, complete, draft, paper, reread, sent, today

# Questions


def test_the_clock_is_paused_while_we_wait_and_goes_on_after_the_answer(budi: Account) -> None:
    claim = sent(budi)
    promised = claim.promised_by
    claim = questioned(claim)
    assert (claim.state, claim.promised_by) == ("waiting_for_member", None)
    assert claim.answer_by == today(budi) + timedelta(days=30)
    question = claim.questions.get()
    answer(account=budi, claim=claim.pk, answers={question.pk: Answer(text="A cough.")}, by=actor(budi))
    claim = reread(claim)
    assert (claim.state, claim.promised_by, claim.answer_by) == ("in_review", promised, None)


def test_a_further_question_gives_the_member_all_the_days_once_more(budi: Account) -> None:
    claim = questioned(sent(budi))
    Claim.objects.filter(pk=claim.pk).update(answer_by=today(budi), reminders=2)
    claim = questioned(claim, "q1", "q2")
    assert (claim.answer_by, claim.reminders) == (today(budi) + timedelta(days=30), 0)
    jobs.lapse_unanswered(claim.profile, later(claim, 31))
    said = reread(claim).changes.latest("pk").sentence("en")
    assert date_format(today(budi)) in said, "asked today, and no answer in 30 days"


def test_a_refused_file_gives_no_more_days_to_answer(budi: Account) -> None:
    claim = questioned(sent(budi))
    Claim.objects.filter(pk=claim.pk).update(answer_by=today(budi))
    ask(claim=claim, questions=[NewQuestion(id="file/1", text="We cannot read it.")], by=SYSTEM)
    assert reread(claim).answer_by == today(budi)


def test_the_review_goes_on_only_when_every_question_is_answered(budi: Account) -> None:
    claim = questioned(sent(budi), "q1", "q2")
    first, second = claim.questions.all()
    answer(account=budi, claim=claim.pk, answers={first.pk: Answer(text="Yes.")}, by=actor(budi))
    assert reread(claim).state == "waiting_for_member"
    answer(account=budi, claim=claim.pk, answers={second.pk: Answer(text="No.", cannot=True)}, by=actor(budi))
    assert reread(claim).state == "in_review"


def test_an_answer_needs_words_or_the_file(budi: Account) -> None:
    claim = sent(budi)
    ask(claim=claim, questions=[NewQuestion(id="q", text="Send the report.", document="report")], by=CORE)
    question = claim.questions.get()
    with pytest.raises(NothingAnswered):
        answer(account=budi, claim=claim.pk, answers={question.pk: Answer(text="  ")}, by=actor(budi))
    paper(claim, "report")
    answer(account=budi, claim=claim.pk, answers={question.pk: Answer()}, by=actor(budi))
    assert reread(claim).state == "in_review"


def test_only_own_questions_are_answered_and_only_once(budi: Account, siti: Account) -> None:
    claim = questioned(sent(budi))
    question = claim.questions.get()
    with pytest.raises(UnknownQuestion):
        answer(account=budi, claim=claim.pk, answers={uuid4(): Answer(text="x")}, by=actor(budi))
    with pytest.raises(access.UnknownClaim):
        answer(account=siti, claim=claim.pk, answers={question.pk: Answer(text="x")}, by=actor(siti))
    for text in ("first", "second"):
        answer(account=budi, claim=claim.pk, answers={question.pk: Answer(text=text)}, by=actor(budi))
    assert claim.questions.get().answer == "first"


def test_the_same_question_is_asked_once_and_never_with_another_text_or_for_another_paper(budi: Account) -> None:
    claim, known = sent(budi), NewQuestion(id="q1", text="Please explain.", document="report")
    for _time in range(2):
        ask(claim=claim, questions=[known], by=CORE)
    assert claim.questions.count() == 1
    for other in (replace(known, text="Something else?"), replace(known, document=""), replace(known, document="bill")):
        with pytest.raises(IdReused):
            ask(claim=claim, questions=[other], by=CORE)


def test_a_question_after_the_decision_is_not_possible(budi: Account) -> None:
    with pytest.raises(NotAllowed):
        questioned(decided(budi))


def test_an_unanswered_claim_lapses_after_the_last_day_and_not_before(budi: Account) -> None:
    claim = questioned(sent(budi))
    jobs.lapse_unanswered(claim.profile, later(claim, 30))
    assert reread(claim).state == "waiting_for_member"
    jobs.lapse_unanswered(claim.profile, later(claim, 31))
    claim = reread(claim)
    assert (claim.state, claim.changes.latest("pk").code) == ("lapsed", "no_answer")
    with pytest.raises(NotAllowed):
        answer(account=budi, claim=claim.pk, answers={claim.questions.get().pk: Answer(text="x")}, by=actor(budi))


def test_members_are_reminded_twice_of_an_open_question(budi: Account) -> None:
    claim = questioned(sent(budi))
    for days, reminders in ((1, 0), (16, 1), (17, 1), (27, 2), (29, 2)):
        jobs.remind_of_questions(claim.profile, later(claim, days))
        assert reread(claim).reminders == reminders


# Withdrawal


def test_a_claim_is_withdrawn_before_the_decision_only(budi: Account, siti: Account) -> None:
    claim = sent(budi)
    with pytest.raises(access.UnknownClaim):
        withdraw(account=siti, claim=claim.pk, by=actor(siti))
    withdraw(account=budi, claim=claim.pk, by=actor(budi))
    again = withdraw(account=budi, claim=claim.pk, by=actor(budi))
    assert (again.state, claim.changes.filter(after="withdrawn").count()) == ("withdrawn", 1)
    with pytest.raises(NotAllowed):
        withdraw(account=budi, claim=decided(budi).pk, by=actor(budi))
    with pytest.raises(NotAllowed):
        withdraw(account=budi, claim=draft(budi).pk, by=actor(budi))


def test_a_withdrawn_claim_is_no_longer_decided(budi: Account) -> None:
    claim = sent(budi)
    withdraw(account=budi, claim=claim.pk, by=actor(budi))
    with pytest.raises(NotAllowed):
        decide(claim=claim, verdict=verdict(claim, "100"), by=CORE)


# Decisions


def test_a_partly_approved_claim_is_to_be_paid_with_what_was_granted(budi: Account) -> None:
    claim = decided(budi, "100")
    assert claim.state == "to_be_paid"
    payment = claim.payments.get()
    assert (payment.amount, payment.currency, payment.shown) == (Decimal(100), "IDR", "•••• 7890")
    row = claim.decisions.get().lines.get()
    assert (row.billed, row.granted, row.own_share) == (Decimal(150), Decimal(100), Decimal(50))


def test_a_rejected_claim_is_not_paid(budi: Account) -> None:
    claim = decided(budi, "0", "rejected")
    assert (claim.state, claim.payments.count()) == ("rejected", 0)
    assert claim.appeal_until == today(budi) + timedelta(days=60)


def test_the_same_decision_again_changes_nothing_and_another_under_its_id_is_refused(budi: Account) -> None:
    claim = sent(budi)
    said = verdict(claim, "100")
    first = decide(claim=claim, verdict=said, by=CORE)
    again = decide(claim=claim, verdict=said, by=CORE)
    assert (first.is_new, again.is_new, again.decision) == (True, False, first.decision)
    with pytest.raises(IdReused):
        decide(claim=claim, verdict=replace(said, outcome="rejected"), by=CORE)
    assert Decision.objects.count() == 1


def test_an_older_decision_that_comes_late_changes_nothing(budi: Account) -> None:
    claim = sent(budi)
    now = timezone.now()
    decide(claim=claim, verdict=verdict(claim, "100", key="new", at=now), by=CORE)
    late = decide(claim=claim, verdict=verdict(claim, "50", key="old", at=now - timedelta(hours=1)), by=CORE)
    assert (late.is_new, late.superseded) == (False, True)
    assert claim.decisions.get().lines.get().granted == Decimal(100)


def test_a_decision_grants_neither_more_than_billed_nor_less_than_nothing(budi: Account) -> None:
    claim = sent(budi)
    for wrong in ("150.01", "-1"):
        with pytest.raises(Contradicting):
            decide(claim=claim, verdict=verdict(claim, wrong), by=CORE)
    with pytest.raises(Contradicting):
        decide(claim=claim, verdict=replace(verdict(claim, "1"), lines=()), by=CORE)
    assert Decision.objects.count() == 0


def test_a_draft_is_not_decided(budi: Account) -> None:
    claim = complete(budi)
    with pytest.raises(NotAllowed):
        decide(claim=claim, verdict=verdict(claim, "100"), by=CORE)


# Appeals


def test_an_appeal_is_possible_once_per_decision_and_until_the_last_day(budi: Account) -> None:
    claim = decided(budi)
    assert may_appeal(claim)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    claim = reread(claim)
    assert (claim.state, may_appeal(claim)) == ("appealed", False)
    assert claim.promised_by is not None
    decide(claim=claim, verdict=verdict(claim, "120", key="d2"), by=CORE)
    claim = reread(claim)
    assert [payment.amount for payment in claim.payments.order_by("pk")] == [Decimal(100), Decimal(20)]
    claim.appeal_until = today(budi) - timedelta(days=1)
    claim.save()
    with pytest.raises(TooLate):
        appeal(account=budi, claim=claim.pk, text="Again.", by=actor(budi))


def test_what_was_approved_in_full_or_not_decided_cannot_be_appealed(budi: Account) -> None:
    with pytest.raises(NotAllowed):
        appeal(account=budi, claim=sent(budi).pk, text="x", by=actor(budi))
    assert not may_appeal(decided(budi, "150", "approved"))


# The received bytes


def sealed(claim: Claim) -> list[date | None]:
    return list(ReceivedFile.objects.of(claim).values_list("sealed_until", flat=True))


def test_received_bytes_are_kept_until_the_time_for_an_appeal_has_passed(budi: Account) -> None:
    claim = sent(budi)
    assert sealed(claim) == [None]
    decide(claim=claim, verdict=verdict(claim, "100"), by=CORE)
    assert sealed(claim) == [today(budi) + timedelta(days=60)]
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    assert sealed(claim) == [None]


def test_received_bytes_of_a_withdrawn_claim_are_not_kept_for_ever(budi: Account) -> None:
    claim = sent(budi)
    withdraw(account=budi, claim=claim.pk, by=actor(budi))
    assert sealed(claim) == [today(budi) + timedelta(days=60)]


# Payment


def test_a_payment_that_came_back_is_paid_to_another_account(budi: Account) -> None:
    claim = decided(budi)
    pay(claim=claim, state="failed", at=timezone.now(), code="account_closed", by=CORE)
    claim = reread(claim)
    assert (claim.state, claim.changes.latest("pk").code) == ("payment_failed", "account_closed")
    with pytest.raises(SameAccount):
        change_account(account=budi, claim=claim.pk, pay_to=bank_account(budi).pk, by=actor(budi))
    assert reread(claim).state == State.PAYMENT_FAILED
    other = bank_account(budi, "9988776655")
    change_account(account=budi, claim=claim.pk, pay_to=other.pk, by=actor(budi))
    assert [(one.attempt, one.state) for one in claim.payments.order_by("attempt")] == [
        (1, "failed"),
        (2, "to_be_paid"),
    ]
    pay(claim=claim, state="paid", at=timezone.now(), by=CORE)
    assert reread(claim).state == State.PAID


def test_a_repeated_result_changes_nothing_and_paid_remains_paid(budi: Account) -> None:
    claim = decided(budi)
    for _time in range(2):
        assert pay(claim=claim, state="paid", at=timezone.now(), by=CORE).state == Payment.PAID
    assert pay(claim=claim, state="failed", at=timezone.now(), code="account_closed", by=CORE).state == Payment.PAID
    assert claim.changes.filter(after="paid").count() == 1


def test_a_claim_without_a_decision_is_not_paid(budi: Account) -> None:
    with pytest.raises(NotAllowed):
        pay(claim=sent(budi), state="paid", at=timezone.now(), by=CORE)


# Sending again


def test_a_rejected_claim_is_sent_again_with_everything_but_its_decision(budi: Account) -> None:
    claim = decided(budi, "0", "rejected")
    new = send_again(account=budi, claim=claim.pk, by=actor(budi))
    assert (new.state, new.related, new.number) == ("draft", claim, "")
    assert (new.provider, new.pay_to, new.benefit) == (claim.provider, claim.pay_to, claim.benefit)
    assert [line.amount for line in new.lines.all()] == [line.amount for line in claim.lines.all()]
    with pytest.raises(NotAllowed):
        send_again(account=budi, claim=sent(budi).pk, by=actor(budi))


# Drafts that nobody finishes


def test_an_old_draft_is_deleted_only_after_a_warning_and_every_change_keeps_it(budi: Account) -> None:
    claim = changed(budi, draft(budi), lines=[bill(budi)])
    jobs.warn_of_old_drafts(claim.profile, later(claim, 75))
    assert reread(claim).warned_at is None
    jobs.delete_old_drafts(claim.profile, later(claim, 120))
    assert Claim.objects.filter(pk=claim.pk).exists()  # nobody was warned yet
    jobs.warn_of_old_drafts(claim.profile, later(claim, 77))
    assert reread(claim).warned_at is not None
    jobs.delete_old_drafts(claim.profile, later(claim, 89))
    assert Claim.objects.filter(pk=claim.pk).exists()
    changed(budi, claim, provider="Klinik Melati")
    assert reread(claim).warned_at is None
    jobs.warn_of_old_drafts(claim.profile, later(claim, 80))
    jobs.delete_old_drafts(claim.profile, later(claim, 95))
    assert not Claim.objects.filter(pk=claim.pk).exists()


# Messages


def mailed(account: Account) -> None:
    """Give the member a confirmed address."""
    address = {"value": "budi@example.test", "key": "budi@example.test", "exclusive": False}
    account.contact_points.create(market="id", kind="email", confirmed_at=timezone.now(), **address)


def test_each_claim_of_a_day_is_acknowledged_and_none_floods_the_mailbox(budi: Account) -> None:
    mailed(budi)
    for number in range(7):
        claim = sent(budi, bill(budi, f"{150 + number}.00"))
    assert Message.objects.filter(template="claim-sent").count() == 7
    waiting = questioned(claim)
    for _time in range(7):
        tell_questions(waiting, by=SYSTEM)
    assert Message.objects.filter(template="claim-questions").count() == NOTICES.most


def test_every_message_about_a_claim_can_be_rendered(budi: Account) -> None:
    mailed(budi)
    claim = questioned(sent(budi))
    jobs.remind_of_questions(claim.profile, later(claim, 20))
    draft(budi)
    jobs.warn_of_old_drafts(claim.profile, later(claim, 80))
    withdraw(account=budi, claim=claim.pk, by=actor(budi))
    messages = list(Message.objects.filter(template__startswith="claim-").order_by("created_at"))
    assert {message.template for message in messages} == {
        "claim-sent",
        "claim-news",
        "claim-questions",
        "claim-draft-ends",
    }
    for message in messages:
        parcel = parcel_of(message)
        assert claim.number in str(parcel) or message.template == "claim-draft-ends"
