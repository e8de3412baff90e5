"""What the bank's results do to payments and claims, and what they leave for a person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market
from mypolis.insurance.claims.lifecycle.following import appeal
from mypolis.insurance.claims.models import Claim, Payment, PaymentRun
from mypolis.insurance.claims.payments.results import CameTo, take_result, take_results
from mypolis.insurance.claims.payments.results_file import BadLine, PaidOrFailed, Result
from mypolis.insurance.claims.payments.runs import withdraw_run
from mypolis.membership.accounts.models import Account
from tests.claims.app import App
from tests.claims.lifecycle.test_paying import bank, choose
from tests.claims.payments.bank_desk import ID, OLGA, PETAR, a_run, assert_refused, at_the_bank, fetched, made, signed
from tests.claims.verdicts import decide_again, decided
from tests.claims.world import actor, reread


def says(reference: str, state: PaidOrFailed = "paid", code: str = "", days_ago: int = 0) -> CameTo:
    """The bank reports a result; returns what came of it."""
    code = code or ("account_closed" if state == "failed" else "")
    result = Result(2, reference, state, ID.today() - timedelta(days=days_ago), code)
    return take_result(profile=ID, result=result, by=OLGA)


def reference_of(run: PaymentRun) -> str:
    return run.lines.get().reference


def payments(claim: Claim) -> list[tuple[Decimal, str]]:
    return list(claim.payments.order_by("pk").values_list("amount", "state"))


def test_an_unknown_reference_is_told(budi: Account) -> None:
    at_the_bank(budi)
    assert says("C-2026-999999-1-1") == "unknown"


def test_a_reference_of_another_market_is_unknown(budi: Account) -> None:
    _claim, run = at_the_bank(budi)
    result = Result(2, reference_of(run), "paid", ID.today())
    assert take_result(profile=market("rs"), result=result, by=OLGA) == "unknown"


def test_a_run_that_nobody_fetched_has_no_results(budi: Account) -> None:
    claim = decided(budi)
    assert says(reference_of(signed(a_run()))) == "not_fetched"
    assert payments(claim) == [(100, "to_be_paid")]


def test_a_withdrawn_run_has_no_results(budi: Account) -> None:
    decided(budi)
    run = a_run()
    withdraw_run(profile=ID, number=run.number, by=OLGA)
    assert says(reference_of(run)) == "unknown"


@pytest.mark.parametrize("days_ago", [1, -1])
def test_a_day_before_the_run_or_after_today_is_impossible(budi: Account, days_ago: int) -> None:
    claim, run = at_the_bank(budi)
    assert says(reference_of(run), days_ago=days_ago) == "impossible_day"
    assert reread(claim).state == "to_be_paid"


def test_programs_bring_no_results(budi: Account) -> None:
    with assert_refused("not_a_person"):
        take_results(profile=ID, results=[], by=SYSTEM)
    assert not Event.objects.filter(kind__startswith="payment_run.").exists()


def test_what_the_bank_paid_is_paid(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    assert says(reference_of(run)) == "taken"
    claim = reread(claim)
    assert (claim.state, payments(claim)) == ("paid", [(100, "paid")])
    assert PaymentRun.objects.get().state == "answered"
    line = run.lines.get()
    assert (line.state, line.result_on) == ("paid", ID.today())
    paid_at = claim.payments.get().at
    assert paid_at is not None
    assert timezone.localdate(paid_at, ID.zone) == ID.today()


def test_the_same_file_twice_changes_nothing(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    results = [Result(2, reference_of(run), "paid", ID.today()), BadLine(3, "X", "unknown_state")]
    first = take_results(profile=ID, results=results, by=OLGA)
    events, version = Event.objects.count(), reread(claim).version
    again = take_results(profile=ID, results=results, by=OLGA)
    assert [one.came_to for one in first] == ["taken", "unknown_state"]
    assert [one.came_to for one in again] == ["unchanged", "unknown_state"]
    assert (Event.objects.count(), reread(claim).version) == (events, version)


def test_a_payment_that_failed_asks_the_member_and_never_pays_itself_again(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    assert says(reference_of(run), "failed") == "taken"
    assert says(reference_of(run), "failed") == "unchanged"
    claim = reread(claim)
    assert (claim.state, claim.changes.latest("pk").code) == ("payment_failed", "account_closed")
    assert App(budi).claim(claim)["can"] == ["change-account"]
    assert made().run is None


def test_paid_after_failed_of_another_attempt_holds(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    first = reference_of(run)
    says(first, "failed")
    choose(budi, reread(claim))
    second = a_run()
    fetched(signed(second))
    assert reference_of(second) == f"{claim.number}-1-2"
    assert says(reference_of(second)) == "taken"
    assert says(first, "failed") == "unchanged"
    claim = reread(claim)
    assert (claim.state, payments(claim)) == ("paid", [(100, "failed"), (100, "paid")])


def test_two_failures_on_one_day_are_two(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    says(reference_of(run), "failed")
    choose(budi, reread(claim))
    second = a_run()
    fetched(signed(second))
    assert says(reference_of(second), "failed") == "taken"
    assert reread(claim).state == "payment_failed"


def test_failed_after_paid_needs_a_person(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    says(reference_of(run))
    assert says(reference_of(run), "failed") == "failed_after_paid"
    assert reread(claim).state == "paid"


def test_paid_after_failed_of_the_same_attempt_needs_a_person(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    says(reference_of(run), "failed")
    assert says(reference_of(run)) == "paid_after_failed"
    assert reread(claim).state == "payment_failed"


def test_what_another_system_reported_before_is_no_news(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    bank(claim, "paid")
    assert says(reference_of(run)) == "taken"
    assert Event.objects.filter(kind="claim.payment_changed", facts__state="paid").count() == 1
    assert run.lines.get().state == "paid"


def test_what_another_system_reported_otherwise_needs_a_person(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    bank(claim, "failed")
    assert says(reference_of(run)) == "known_otherwise"
    assert reread(claim).state == "payment_failed"


def test_a_part_granted_while_the_first_is_with_the_bank_is_paid_by_the_next_run(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    decide_again(claim, "120")
    assert says(reference_of(run)) == "taken"
    claim = reread(claim)
    assert (claim.state, payments(claim)) == ("to_be_paid", [(100, "paid"), (20, "to_be_paid")])
    second = a_run()
    assert (reference_of(second), second.lines.get().amount) == (f"{claim.number}-2-1", 20)
    fetched(signed(second))
    says(reference_of(second))
    assert reread(claim).state == "paid"


def test_a_part_that_waits_fails_with_the_first_because_it_would_go_to_the_same_account(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    decide_again(claim, "120")
    says(reference_of(run), "failed")
    claim = reread(claim)
    assert (claim.state, payments(claim)) == ("payment_failed", [(100, "failed"), (20, "failed")])
    choose(budi, claim)
    assert a_run().lines.get().amount == 120


def test_a_result_during_an_appeal_leaves_the_appeal_open(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    assert says(reference_of(run)) == "taken"
    assert reread(claim).state == "appealed"
    assert Payment.objects.get().state == "paid"


def test_after_a_run_that_the_bank_refused_the_same_reference_is_the_new_lines(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    withdraw_run(profile=ID, number=run.number, by=PETAR, was_refused_by_bank=True)
    second = a_run()
    assert says(reference_of(second)) == "not_fetched"
    fetched(signed(second))
    assert says(reference_of(second)) == "taken"
    assert reread(claim).state == "paid"
