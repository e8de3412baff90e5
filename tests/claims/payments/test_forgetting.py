"""Names and account numbers in payment runs are deleted, but not before the bank has answered everything."""

from datetime import timedelta

from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.models import PaymentRun, RunLine
from mypolis.insurance.claims.payments.forgetting import forget_old_payees
from mypolis.insurance.claims.payments.results import take_result
from mypolis.insurance.claims.payments.results_file import Result
from mypolis.insurance.claims.payments.runs import withdraw_run
from mypolis.membership.accounts.models import Account
from tests.claims.payments.bank_desk import ID, MARIJA, OLGA, a_run, assert_refused, at_the_bank, fetched
from tests.claims.verdicts import decided

LIFE = timedelta(days=180)


def payees() -> list[tuple[str, str]]:
    return [(line.name, line.number) for line in RunLine.objects.all()]


def test_a_payment_that_the_bank_never_answered_is_not_forgotten(budi: Account) -> None:
    at_the_bank(budi)
    assert forget_old_payees(timezone.now() + 10 * LIFE) == 0
    assert payees() == [("Budi Santoso", "1234567890")]


def test_a_run_is_forgotten_half_a_year_after_its_last_answer(budi: Account) -> None:
    _claim, run = at_the_bank(budi)
    take_result(profile=ID, result=Result(2, run.lines.get().reference, "paid", ID.today()), by=OLGA)
    assert forget_old_payees(timezone.now() + LIFE - timedelta(hours=1)) == 0
    assert forget_old_payees(timezone.now() + LIFE + timedelta(hours=1)) == 1
    assert forget_old_payees(timezone.now() + LIFE + timedelta(hours=1)) == 0
    assert payees() == [("", "")]
    assert run.lines.get().shown == "•••• 7890"
    assert Event.objects.get(kind="payment_run.payees_forgotten").facts == {"runs": 1}
    with assert_refused("forgotten"):
        fetched(PaymentRun.objects.get(), MARIJA)


def test_a_withdrawn_run_is_forgotten_too(budi: Account) -> None:
    decided(budi)
    run = a_run()
    withdraw_run(profile=ID, number=run.number, by=OLGA)
    assert forget_old_payees(timezone.now() + LIFE - timedelta(hours=1)) == 0
    assert forget_old_payees(timezone.now() + LIFE + timedelta(hours=1)) == 1
