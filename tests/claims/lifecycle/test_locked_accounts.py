"""While staff keep an account locked, no day runs against its member."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.formats import date_format

from mypolis.foundation.files.jobs import forget_received
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.notices.models import Message
from mypolis.insurance.claims import jobs
from mypolis.insurance.claims.lifecycle.following import may_appeal
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.operators.locking import lock_account, unlock_account
from tests.claims.desk.staff import MAYA
from tests.claims.verdicts import decide_again, decided, later, questioned
from tests.claims.world import draft, reread, sent, today


def lock(account: Account) -> None:
    """Maya locks the account."""
    lock_account(account=account, reason="suspicion", by=MAYA.actor)


def unlock_after(account: Account, days: int) -> datetime:
    """Maya unlocks the account on a later day. Returns when."""
    then = timezone.now() + timedelta(days=days)
    with time_machine.travel(then, tick=False):
        unlock_account(account=account, by=MAYA.actor)
    return then


def lapse(claim: Claim, days: int) -> Claim:
    """Run the daily job on a later day."""
    with time_machine.travel(later(claim, days), tick=False):
        jobs.lapse(0)
    return reread(claim)


def asked(account: Account) -> Claim:
    """A claim that waits for an answer for 30 days, its day of asking included."""
    return questioned(sent(account))


def test_a_claim_does_not_lapse_while_its_member_cannot_answer(budi: Account) -> None:
    claim = asked(budi)
    lock(budi)
    messages = Message.objects.count()
    claim = lapse(claim, 31)
    assert (claim.state, claim.reminders) == ("waiting_for_member", 0)
    assert Message.objects.count() == messages, "nobody is reminded of what they cannot do"


def test_the_days_of_a_lock_are_given_back_and_then_the_claim_lapses(budi: Account) -> None:
    claim = asked(budi)
    lock(budi)
    unlock_after(budi, 40)
    claim = reread(claim)
    assert claim.answer_by == today(budi) + timedelta(days=30 + 41)
    assert lapse(claim, 71).state == "waiting_for_member"
    claim = lapse(claim, 72)
    assert claim.state == "lapsed"
    said = claim.changes.latest("pk").sentence("en")
    assert date_format(today(budi)) in said, "the day on which we asked did not move"


def test_a_day_that_had_passed_before_the_lock_is_not_given_back(budi: Account) -> None:
    claim = decided(budi)
    Claim.objects.filter(pk=claim.pk).update(appeal_until=today(budi) - timedelta(days=1))
    lock(budi)
    unlock_after(budi, 40)
    assert not may_appeal(reread(claim))


def test_the_days_to_appeal_are_given_back_and_the_received_files_kept_as_long(budi: Account) -> None:
    claim = decided(budi)
    lock(budi)
    unlock_after(budi, 59)
    last: date = today(budi) + timedelta(days=60 + 60)
    assert reread(claim).appeal_until == last
    assert set(ReceivedFile.objects.of(claim).values_list("sealed_until", flat=True)) == {last}


def test_what_was_received_is_kept_through_a_lock_that_is_longer_than_the_days_to_appeal(budi: Account) -> None:
    claim = decided(budi)
    lock(budi)
    with time_machine.travel(later(claim, 62), tick=False):
        forget_received(timestamp=0)
    then = unlock_after(budi, 62)
    assert set(ReceivedFile.objects.of(claim).values_list("sealed_until", flat=True)) == {reread(claim).appeal_until}
    with time_machine.travel(then, tick=False):
        forget_received(timestamp=0)
    assert not ReceivedFile.objects.of(claim).filter(key__isnull=True).exists()


def test_what_nobody_could_appeal_any_more_before_the_lock_is_not_kept(budi: Account) -> None:
    claim = decided(budi)
    with time_machine.travel(later(claim, 61), tick=False):
        lock(budi)
        forget_received(timestamp=0)
    assert not ReceivedFile.objects.of(claim).filter(key__isnull=False).exists()


@pytest.mark.parametrize("asked_after", [1, 59, 60])
def test_a_question_during_a_lock_gives_all_the_days_again_and_not_those_before_it(
    budi: Account, asked_after: int
) -> None:
    claim = sent(budi)
    lock(budi)
    with time_machine.travel(later(claim, asked_after), tick=False):
        questioned(claim)
    unlock_after(budi, 60)
    assert reread(claim).answer_by == today(budi) + timedelta(days=60 + 31)


def test_a_decision_during_a_lock_gives_all_the_days_to_appeal_and_not_those_before_it(budi: Account) -> None:
    claim = sent(budi)
    lock(budi)
    with time_machine.travel(later(claim, 100), tick=False):
        decide_again(claim, "100")
    unlock_after(budi, 110)
    last = today(budi) + timedelta(days=110 + 61)
    assert reread(claim).appeal_until == last
    assert set(ReceivedFile.objects.of(claim).values_list("sealed_until", flat=True)) == {last}


def test_many_locks_on_one_day_give_no_more_than_all_the_days_again(budi: Account) -> None:
    claim = asked(budi)
    for _again in range(3):
        lock(budi)
        unlock_after(budi, 0)
    assert reread(claim).answer_by == today(budi) + timedelta(days=31)


def test_a_draft_is_neither_warned_of_nor_deleted_during_a_lock(budi: Account) -> None:
    claim = draft(budi)
    warned = lapse(claim, 77).warned_at
    assert warned is not None
    with time_machine.travel(later(claim, 78), tick=False):
        lock(budi)
    lapse(claim, 198)
    then = unlock_after(budi, 198)
    kept = reread(claim)
    assert kept.warned_at == warned + timedelta(days=121)
    assert kept.touched_at == claim.touched_at + timedelta(days=121)
    assert kept.touched_at < then


def test_many_locks_on_one_day_keep_a_draft_no_longer_than_one_that_was_just_begun(budi: Account) -> None:
    claim = draft(budi)
    for _again in range(3):
        lock(budi)
        unlock_after(budi, 0)
    assert reread(claim).touched_at <= timezone.now() + timedelta(days=1)


def test_others_do_not_get_the_days_of_somebody_elses_lock(budi: Account, siti: Account) -> None:
    claim = asked(siti)
    lock(budi)
    unlock_after(budi, 3)
    assert reread(claim).answer_by == today(siti) + timedelta(days=30)
    assert lapse(claim, 31).state == "lapsed"


@pytest.mark.parametrize("days", [0, 1])
def test_the_day_of_the_lock_counts_as_one_that_is_given_back(budi: Account, days: int) -> None:
    claim = asked(budi)
    lock(budi)
    unlock_after(budi, days)
    assert reread(claim).answer_by == today(budi) + timedelta(days=31 + days)
