"""Two people act on one payment at the same time, in two real connections: money leaves once, and as it was signed."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from mypolis.insurance.claims.lifecycle.following import appeal
from mypolis.insurance.claims.models import Claim, FileFetch, Payment, PaymentRun
from mypolis.insurance.claims.payments.refusals import RunRefused
from mypolis.insurance.claims.payments.results import take_result
from mypolis.insurance.claims.payments.results_file import Result
from mypolis.insurance.claims.payments.runs import find_run, withdraw_run
from mypolis.membership.accounts.models import Account
from tests.claims.drafts.test_upload_races import somebody_waits_for_us
from tests.claims.payments.bank_desk import ID, MARIJA, OLGA, PETAR, a_run, at_the_bank, fetched, signed
from tests.claims.verdicts import decide_again, decided
from tests.claims.world import actor, reread
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

type Other = Callable[[Callable[[], object]], Future[str]]


@pytest.fixture
def meanwhile(transactional_db: None) -> Iterator[Other]:
    """Do something in another connection; gives "done" or the code of the refusal."""

    def act(what: Callable[[], object]) -> str:
        try:
            what()
        except RunRefused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(1) as pool:
        yield lambda what: pool.submit(act, what)


def appealed(account: Account) -> Claim:
    """A claim of 100 under appeal, whose payment is in a signed run."""
    claim = decided(account)
    signed(a_run())
    return appeal(account=account, claim=claim.pk, text="The limit is higher.", by=actor(account))


def test_a_file_waits_for_a_decision_that_lowers_a_payment_and_does_not_leave(meanwhile: Other, budi: Account) -> None:
    claim, run = appealed(budi), PaymentRun.objects.get()
    with transaction.atomic():
        decide_again(claim, "80")
        fetch = meanwhile(lambda: fetched(run))
        until(somebody_waits_for_us)
    assert fetch.result() == "outdated"
    assert not FileFetch.objects.exists()


def test_a_decision_waits_for_a_file_that_leaves_and_does_not_lower_its_payment(
    meanwhile: Other, budi: Account
) -> None:
    claim, run = appealed(budi), PaymentRun.objects.get()
    with transaction.atomic():
        fetched(run)
        decision = meanwhile(lambda: decide_again(claim, "80"))
        until(somebody_waits_for_us)
    assert decision.result() == "done"
    assert Payment.objects.get().amount == 100
    assert reread(claim).last_decision is not None


def test_a_run_that_is_being_withdrawn_is_not_fetched(meanwhile: Other, budi: Account) -> None:
    decided(budi)
    run = signed(a_run())
    with transaction.atomic():
        withdraw_run(profile=ID, number=run.number, by=OLGA)
        fetch = meanwhile(lambda: fetched(run))
        until(somebody_waits_for_us)
    assert fetch.result() == "withdrawn"


def test_a_run_that_is_being_fetched_is_not_withdrawn(meanwhile: Other, budi: Account) -> None:
    decided(budi)
    run = signed(a_run())
    with transaction.atomic():
        fetched(run)
        given_up = meanwhile(lambda: withdraw_run(profile=ID, number=run.number, by=OLGA))
        until(somebody_waits_for_us)
    assert given_up.result() == "fetched"


def test_a_second_signature_waits_for_the_first(meanwhile: Other, budi: Account) -> None:
    decided(budi)
    run = a_run()
    with transaction.atomic():
        signed(run, PETAR)
        other = meanwhile(lambda: signed(run, MARIJA))
        until(somebody_waits_for_us)
    assert other.result() == "done"
    assert find_run(ID, run.number).signers == ("staff:petar", "staff:marija")


def test_a_run_whose_results_are_being_read_is_not_withdrawn(meanwhile: Other, budi: Account) -> None:
    claim, run = at_the_bank(budi)
    result = Result(2, run.lines.get().reference, "paid", ID.today())
    with transaction.atomic():
        take_result(profile=ID, result=result, by=OLGA)
        given_up = meanwhile(lambda: withdraw_run(profile=ID, number=run.number, by=PETAR, was_refused_by_bank=True))
        until(somebody_waits_for_us)
    assert given_up.result() == "answered"
    assert (reread(claim).state, run.lines.get().state) == ("paid", "paid")


def test_results_of_a_run_that_is_being_withdrawn_are_unknown(meanwhile: Other, budi: Account) -> None:
    claim, run = at_the_bank(budi)
    result = Result(2, run.lines.get().reference, "paid", ID.today())
    came_to: list[str] = []
    with transaction.atomic():
        withdraw_run(profile=ID, number=run.number, by=PETAR, was_refused_by_bank=True)
        other = meanwhile(lambda: came_to.append(take_result(profile=ID, result=result, by=OLGA)))
        until(somebody_waits_for_us)
    assert other.result() == "done"
    assert came_to == ["unknown"]
    assert reread(claim).state == "to_be_paid"


def test_two_people_import_the_same_results(meanwhile: Other, budi: Account) -> None:
    claim, run = at_the_bank(budi)
    result = Result(2, run.lines.get().reference, "failed", ID.today(), "account_closed")
    came_to: list[str] = []
    with transaction.atomic():
        came_to.append(take_result(profile=ID, result=result, by=OLGA))
        other = meanwhile(lambda: came_to.append(take_result(profile=ID, result=result, by=PETAR)))
        until(somebody_waits_for_us)
    assert other.result() == "done"
    assert came_to == ["taken", "unchanged"]
    assert claim.changes.filter(after="payment_failed").count() == 1
