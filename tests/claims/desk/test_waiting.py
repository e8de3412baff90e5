"""A decision can be taken back until it is recorded; until then nothing has happened, and afterwards it stands."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.models import Message
from mypolis.foundation.staff.team.role_changes import take_role
from mypolis.insurance.claims.desk import in_hand
from mypolis.insurance.claims.desk.draft_decision import renew, save_line
from mypolis.insurance.claims.desk.outcomes import waiting
from mypolis.insurance.claims.desk.outcomes.deciding import Done, Stale, send_back
from mypolis.insurance.claims.desk.outcomes.duplicates import end_as_duplicate
from mypolis.insurance.claims.desk.questions import ask_member
from mypolis.insurance.claims.desk.refusals import Why
from mypolis.insurance.claims.desk.typed_lines import TypedLine
from mypolis.insurance.claims.jobs import record_decision, record_overdue_decisions
from mypolis.insurance.claims.lifecycle.asking import NewQuestion
from mypolis.insurance.claims.lifecycle.following import appeal, withdraw
from mypolis.insurance.claims.models import Claim, ClaimInHand, Decision, Payment, WaitingDecision
from mypolis.insurance.claims.presenters import shown
from mypolis.insurance.coverage.models import Balance, Entry
from mypolis.membership.accounts.models import Account
from tests.claims.desk.acts import draft_of, shown_preview
from tests.claims.desk.pages import assessor, words
from tests.claims.desk.test_in_hand import assert_refused
from tests.claims.world import actor, bill, reread, sent
from tests.staff.assessors import agus, maya, rina
from tests.staff.world import Colleague

__all__ = ["agus", "maya", "rina"]


@pytest.fixture
def claim(budi: Account, rina: Colleague) -> Claim:
    """A claim that Rina has in hand."""
    return takes(rina, sent(budi))


def takes(staff: Colleague, claim: Claim) -> Claim:
    in_hand.take(claim=claim, staff=staff.account, by=staff.actor)
    return reread(claim)


def enters(staff: Colleague, claim: Claim) -> Done:
    version, previewed = draft_of(claim).version, shown_preview(claim)
    return waiting.enter(claim=claim, version=version, previewed=previewed, staff=staff.account, by=staff.actor)


def grants(staff: Colleague, claim: Claim, amount: str, reason: str = "") -> None:
    typed = TypedLine(granted=Decimal(amount), reason=reason)
    version, line = draft_of(claim).version, claim.lines.get().pk
    save_line(claim=claim, line=line, typed=typed, version=version, staff=staff.account, by=staff.actor)


def takes_back(staff: Colleague, claim: Claim) -> Claim:
    return waiting.take_back(claim=claim, staff=staff.account, by=staff.actor)


def records(claim: Claim) -> Done | None:
    """The time to take it back is over."""
    return waiting.record_waiting(WaitingDecision.objects.get(claim=claim).pk)


def world() -> list[Any]:
    """All that a decision changes, apart from what is on the assessor's desk."""
    return [
        list(Claim.objects.order_by("pk").values_list("state", "version", "decided_at", "promised_by", "appeal_until")),
        list(Entry.objects.order_by("pk").values_list("kind", "amount")),
        list(Balance.objects.order_by("pk").values_list("benefit", "reserved_amount", "used_amount")),
        list(Decision.objects.values_list("pk")) + list(Payment.objects.values_list("pk")),
        Message.objects.count(),
    ]


# Sad paths


def test_a_recorded_decision_is_not_taken_back(claim: Claim, rina: Colleague) -> None:
    enters(rina, claim)
    assert records(claim) is not None
    assert_refused(lambda: takes_back(rina, claim), Why.TOO_LATE)
    assert reread(claim).state == "to_be_paid"


def test_only_who_decided_takes_it_back_not_even_a_senior(claim: Claim, rina: Colleague, maya: Colleague) -> None:
    enters(rina, claim)
    assert_refused(lambda: takes_back(maya, claim), Why.DECIDED_BY_OTHER)
    assert WaitingDecision.objects.filter(claim=claim).exists()


def test_what_was_never_decided_is_not_taken_back(claim: Claim, rina: Colleague) -> None:
    assert_refused(lambda: takes_back(rina, claim), Why.TOO_LATE)


def test_nothing_else_is_done_with_a_claim_while_its_decision_waits(
    claim: Claim, rina: Colleague, maya: Colleague
) -> None:
    enters(rina, claim)
    mine, theirs = ({"claim": claim, "staff": one.account, "by": one.actor} for one in (rina, maya))
    acts: list[Callable[[], Any]] = [
        lambda: in_hand.take_over(**theirs),
        lambda: in_hand.hand_over(**theirs, to=maya.account),
        lambda: in_hand.put_back(**mine),
        lambda: renew(**mine, version=1),
        lambda: ask_member(**mine, questions=[NewQuestion(text="Why?")], version=1),
        lambda: enters(rina, claim),
        lambda: grants(rina, claim, "100", "over_usual_price"),
    ]
    for act in acts:
        assert_refused(act, Why.DECISION_WAITS)
    assert WaitingDecision.objects.count() == 1


def test_what_changed_before_it_was_recorded_stops_it_and_the_page_says_so(budi: Account) -> None:
    rina = assessor("Rina")
    claim = sent(budi, bill(budi, days_ago=4))
    rina.takes(claim)
    rina.enters(claim)
    Claim.objects.filter(pk=claim.pk).update(version=99)
    before = world()
    assert records(claim) is None
    assert world() == before
    assert ClaimInHand.objects.filter(claim=claim).exists()
    assert "was not recorded" in rina.text(claim)
    assert "Something changed since this assessment began" in rina.text(claim)
    assert Event.objects.get(kind="claim.decision_stopped").actor_kind == "system"
    rina.does(claim, "renew", version=str(draft_of(claim).version))
    rina.decides(claim)
    assert reread(claim).state == "to_be_paid", "it is decided again"


def test_who_lost_the_role_or_left_meanwhile_does_not_decide(claim: Claim, rina: Colleague) -> None:
    enters(rina, claim)
    take_role(account=rina.account, market="id", role="assessor", by=SYSTEM)
    assert records(claim) is None
    assert not Decision.objects.exists()


def test_an_account_that_was_closed_meanwhile_does_not_decide(claim: Claim, rina: Colleague) -> None:
    enters(rina, claim)
    type(rina.account).objects.update(closed_at=timezone.now())
    assert records(claim) is None
    assert WaitingDecision.objects.get().is_stopped


def test_a_claim_that_its_member_withdraws_meanwhile_is_not_decided(
    budi: Account, claim: Claim, rina: Colleague
) -> None:
    enters(rina, claim)
    key = WaitingDecision.objects.get().pk
    withdraw(account=budi, claim=claim.pk, by=actor(budi))
    record_decision(str(key))
    assert (reread(claim).state, Decision.objects.count()) == ("withdrawn", 0)


def test_the_job_of_a_decision_that_was_taken_back_does_nothing_to_the_next(claim: Claim, rina: Colleague) -> None:
    enters(rina, claim)
    first = WaitingDecision.objects.get().pk
    takes_back(rina, claim)
    enters(rina, claim)
    record_decision(str(first))
    assert (Decision.objects.count(), WaitingDecision.objects.count()) == (0, 1)


def test_of_two_people_in_a_family_each_decides_without_ending_the_wait_of_the_other(
    budi: Account, rina: Colleague, agus: Colleague
) -> None:
    claim, other = sent(budi), sent(budi, bill(budi, "60.00"), content=b"other")
    takes(rina, claim)
    takes(agus, other)
    enters(rina, claim)
    enters(agus, other)
    assert (WaitingDecision.objects.count(), Decision.objects.count()) == (2, 0)


# What holds meanwhile


def test_until_it_is_recorded_nothing_has_happened_and_the_member_reads_nothing(
    budi: Account, claim: Claim, rina: Colleague
) -> None:
    before, read = world(), shown([claim], budi)[0].label
    assert enters(rina, claim).came_to == "waiting"
    assert world() == before
    assert shown([reread(claim)], budi)[0].label == read
    takes_back(rina, claim)
    assert world() == before
    assert draft_of(claim), "what was typed stays"
    assert ClaimInHand.objects.get().staff == rina.account.pk


def test_entering_and_taking_back_are_recorded_with_who_and_from_where(claim: Claim, rina: Colleague) -> None:
    enters(rina, claim)
    takes_back(rina, claim)
    for kind in ("claim.decision_entered", "claim.decision_taken_back"):
        event = Event.objects.get(kind=kind)
        assert (event.actor_kind, event.actor_id, event.address) == ("staff", str(rina.account.pk), rina.actor.address)


def test_it_is_recorded_after_a_minute_in_the_name_of_who_decided(claim: Claim, rina: Colleague) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        enters(rina, claim)
        row = WaitingDecision.objects.get()
        assert row.due_at - timezone.now() == timedelta(seconds=60)
    job = ProcrastinateJob.objects.get(task_name="claims.record_decision")
    assert (job.scheduled_at, job.args) == (row.due_at, {"key": str(row.pk)})
    record_decision(str(row.pk))
    assert (reread(claim).state, Decision.objects.get().by_id) == ("to_be_paid", str(rina.account.pk))
    assert not WaitingDecision.objects.exists()


def test_a_decision_whose_job_got_lost_is_recorded_a_little_later(claim: Claim, rina: Colleague) -> None:
    enters(rina, claim)
    record_overdue_decisions(0)
    assert not Decision.objects.exists(), "it is not due yet"
    WaitingDecision.objects.update(due_at=timezone.now() - timedelta(minutes=3))
    record_overdue_decisions(0)
    assert reread(claim).state == "to_be_paid"


def test_a_decision_that_cannot_be_recorded_does_not_hold_up_the_others(
    claim: Claim, siti: Account, rina: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = takes(rina, sent(siti, content=b"other"))
    for one in (claim, other):
        enters(rina, one)
    WaitingDecision.objects.filter(claim=claim).update(due_at=timezone.now() - timedelta(minutes=4))
    WaitingDecision.objects.filter(claim=other).update(due_at=timezone.now() - timedelta(minutes=3))
    decide = waiting.decide

    def broken(**wanted: Any) -> Done:
        if wanted["claim"].pk == claim.pk:
            raise ZeroDivisionError
        return decide(**wanted)

    monkeypatch.setattr(waiting, "decide", broken)
    with pytest.raises(ExceptionGroup):
        record_overdue_decisions(0)
    assert (reread(claim).state, reread(other).state) == ("in_review", "to_be_paid")
    monkeypatch.undo()
    record_overdue_decisions(0)
    assert reread(claim).state == "to_be_paid"


def test_deciding_about_a_second_claim_of_the_family_records_the_first_at_once_and_counts_it(
    budi: Account, rina: Colleague
) -> None:
    claim, second = sent(budi), sent(budi, bill(budi, "60.00", days_ago=4), content=b"other")
    for one in (claim, second):
        takes(rina, one)
    grants(rina, claim, "50", "over_usual_price")
    enters(rina, claim)
    with pytest.raises(Stale):
        enters(rina, second)
    assert reread(claim).state == "to_be_paid"
    renew(claim=second, version=draft_of(second).version, staff=rina.account, by=rina.actor)
    assert enters(rina, second).came_to == "waiting"
    assert records(second) is not None


def test_taking_another_claim_of_the_family_records_the_first_and_begins_on_what_is_left(
    budi: Account, rina: Colleague
) -> None:
    claim, second = sent(budi), sent(budi, bill(budi, "60.00", days_ago=4), content=b"other")
    takes(rina, claim)
    grants(rina, claim, "50", "over_usual_price")
    enters(rina, claim)
    takes(rina, second)
    assert reread(claim).state == "to_be_paid"
    assert enters(rina, second).came_to == "waiting", "nothing has to be read again"


def test_closing_a_duplicate_in_the_family_records_what_was_decided_before(budi: Account, rina: Colleague) -> None:
    claim, again = sent(budi), sent(budi, content=b"again")
    for one in (claim, again):
        takes(rina, one)
    enters(rina, claim)
    end_as_duplicate(claim=again, number=claim.number, staff=rina.account, by=rina.actor)
    assert (reread(claim).state, reread(again).state) == ("to_be_paid", "duplicate")


def test_the_queue_says_which_claims_are_decided_and_which_decision_was_stopped(budi: Account) -> None:
    rina = assessor("Rina")
    claim = sent(budi)
    rina.takes(claim)
    rina.enters(claim)
    assert "In review Decided" in words(rina.browser.get("/desk/id/claims/"))
    WaitingDecision.objects.update(is_stopped=True)
    assert "In review Decision not recorded" in words(rina.browser.get("/desk/id/claims/"))


def test_an_insurer_can_do_without_the_wait(claim: Claim, rina: Colleague, settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"claims_undo_seconds": 0})
    assert enters(rina, claim).came_to == "decided"
    assert reread(claim).state == "to_be_paid"


def test_an_assessment_for_a_second_person_goes_at_once_and_a_confirmation_can_be_taken_back(
    claim: Claim, rina: Colleague, maya: Colleague
) -> None:
    grants(rina, claim, "150")
    assert enters(rina, claim).came_to == "second_review"
    takes(maya, claim)
    assert enters(maya, claim).came_to == "waiting"
    assert_refused(lambda: send_back(claim=claim, remark="", staff=maya.account, by=maya.actor), Why.DECISION_WAITS)
    takes_back(maya, claim)
    assert (reread(claim).state, Decision.objects.count()) == ("second_review", 0)
    enters(maya, claim)
    records(claim)
    assert Decision.objects.get().by_id == str(maya.account.pk)


def test_the_decision_of_an_appeal_can_be_taken_back_and_the_appeal_goes_on(
    budi: Account, claim: Claim, rina: Colleague, agus: Colleague
) -> None:
    enters(rina, claim)
    records(claim)
    appeal(account=budi, claim=claim.pk, text="Look again.", by=actor(budi))
    takes(agus, claim)
    before = world()
    enters(agus, claim)
    takes_back(agus, claim)
    assert world() == before
    assert reread(claim).state == "in_review"
    enters(agus, claim)
    records(claim)
    assert Decision.objects.count() == 2


def test_the_page_offers_to_take_it_back_and_says_when_it_is_too_late(budi: Account) -> None:
    rina, agus = assessor("Rina"), assessor("Agus")
    claim = sent(budi)
    rina.takes(claim)
    rina.enters(claim)
    assert "Take the decision back" in rina.page(claim).content.decode().partition("<details")[0]
    assert 'action="/desk/id/claims/' + claim.number + '/undo/"' not in agus.page(claim).content.decode()
    assert rina.page(claim, "decision").status_code == 302
    refused = agus.does(claim, "undo")
    assert (refused.status_code, "Only the colleague who decided" in refused.content.decode()) == (422, True)
    assert rina.does(claim, "undo").status_code == 302
    assert "Decision taken back" in rina.text(claim, "history")
    late = rina.does(claim, "undo")
    assert (late.status_code, "cannot be taken back any more" in late.content.decode()) == (422, True)
