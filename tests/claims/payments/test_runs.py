"""Payment runs: what goes into one, what is left out, and what a run made twice or withdrawn does."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.lib.money import Money
from mypolis.foundation.markets import market
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.lifecycle.following import appeal
from mypolis.insurance.claims.models import Claim, Payment, PaymentRun, RunLine
from mypolis.insurance.claims.payments import runs
from mypolis.insurance.claims.payments.bank_file import BankPayment
from mypolis.insurance.claims.payments.due import LeftOut, is_settled
from mypolis.insurance.claims.payments.runs import Figures, bytes_of, figures_of, make_run, withdraw_run
from mypolis.membership.accounts.models import Account
from tests.claims.lifecycle.test_paying import bank, choose
from tests.claims.payments.bank_desk import (
    ID,
    MARIJA,
    OLGA,
    PETAR,
    a_run,
    assert_refused,
    at_the_bank,
    fetched,
    made,
    signed,
)
from tests.claims.verdicts import decide_again, decided
from tests.claims.world import actor, sent

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(hours=24)


def lines(run: PaymentRun) -> list[tuple[str, Decimal, str]]:
    return list(run.lines.values_list("reference", "amount", "state"))


def given_back(run: PaymentRun, by: Actor = OLGA, *, was_refused_by_bank: bool = False) -> PaymentRun:
    return withdraw_run(profile=ID, number=run.number, by=by, was_refused_by_bank=was_refused_by_bank)


def test_a_market_without_a_bank_makes_no_runs(budi: Account) -> None:
    profile = replace(ID, claims=replace(ID.claims, bank=None))
    with assert_refused("no_bank"):
        make_run(profile=profile, by=OLGA)
    assert not PaymentRun.objects.exists()


@pytest.mark.parametrize("by", [SYSTEM, Actor("partner", "core")])
def test_only_people_make_runs(budi: Account, by: Actor) -> None:
    with assert_refused("not_a_person"):
        made(by)
    assert not PaymentRun.objects.exists()


def test_a_claim_that_is_not_decided_is_not_paid(budi: Account) -> None:
    sent(budi)
    result = made()
    assert (result.run, result.is_new, result.left_out) == (None, False, ())


def test_what_is_rejected_or_paid_is_not_paid_again(budi: Account, siti: Account) -> None:
    decided(budi, "0", "rejected")
    bank(decided(siti), "paid")
    assert made().run is None


def test_a_run_freezes_what_is_due(budi: Account, siti: Account) -> None:
    one, two = decided(budi), decided(siti, "33.33")
    run = a_run()
    assert lines(run) == [(f"{one.number}-1-1", Decimal(100), "open"), (f"{two.number}-1-1", Decimal("33.33"), "open")]
    assert figures_of(run) == Figures(2, (Money(Decimal("133.33"), "IDR"),))
    line = run.lines.first()
    assert line is not None
    assert (line.name, line.kind, line.bank, line.number) == ("Budi Santoso", "id", "014", "1234567890")
    assert (run.state, run.made_by, run.number[:2]) == ("made", "staff:olga", "P-")
    event = Event.objects.get(kind="payment_run.made")
    assert (event.subject, event.facts) == (f"claims.paymentrun:{run.pk}", {"payments": 2})


def test_a_run_made_twice_is_one(budi: Account) -> None:
    decided(budi)
    first, again = made(), made()
    assert (first.is_new, again.is_new) == (True, False)
    assert first.run == again.run
    assert RunLine.objects.count() == 1


def test_what_becomes_due_later_goes_into_the_next_run(budi: Account, siti: Account) -> None:
    decided(budi)
    first = a_run()
    late = decided(siti)
    assert lines(a_run()) == [(f"{late.number}-1-1", Decimal(100), "open")]
    assert first.lines.count() == 1


def test_the_same_run_gives_the_same_bytes(budi: Account) -> None:
    decided(budi)
    run = a_run()
    assert ID.claims.bank is not None
    written = bytes_of(run, ID.claims.bank)
    BankAccount.objects.update(bank="008")
    assert bytes_of(PaymentRun.objects.get(), ID.claims.bank) == written
    assert hashlib.sha256(written).hexdigest() == run.sha256


def test_both_parts_of_a_claim_are_one_payment(budi: Account) -> None:
    claim = decided(budi)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    decide_again(claim, "120")
    run = a_run()
    assert lines(run) == [(f"{claim.number}-2-1", Decimal(120), "open")]
    assert Payment.objects.filter(line__run=run).count() == 2


def test_what_a_claim_is_granted_later_waits_for_the_result_of_the_first_payment(budi: Account) -> None:
    claim, _run = at_the_bank(budi)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    decide_again(claim, "120")
    assert made().run is None


def test_a_claim_without_an_account_is_named(budi: Account) -> None:
    claim = decided(budi)
    Claim.objects.update(pay_to=None)
    result = made()
    assert (result.run, result.left_out) == (None, (LeftOut(claim.number, "no_account"),))


def test_a_name_that_the_bank_does_not_take_is_left_out_and_named_by_its_claim(budi: Account, siti: Account) -> None:
    claim, good = decided(budi), decided(siti)
    account = BankAccount.objects.get(pk=claim.pay_to_id)
    account.holder = "Budi Šantoso"
    account.save()
    result = made()
    assert result.left_out == (LeftOut(claim.number, "character", "U+0160"),)
    assert result.run is not None
    assert [one.claim for one in result.run.lines.all()] == [good]


def test_an_account_chosen_without_a_code_after_the_money_came_back_waits_a_day(budi: Account) -> None:
    claim = bank(decided(budi), "failed")
    choose(budi, claim)
    BankAccount.objects.update(added_at=timezone.now() - timedelta(days=3))
    assert made().left_out == (LeftOut(claim.number, "account_just_chosen"),)
    Payment.objects.filter(state="to_be_paid").update(created_at=timezone.now() - timedelta(hours=25))
    assert lines(a_run()) == [(f"{claim.number}-1-2", Decimal(100), "open")]


def test_an_account_just_added_with_a_code_is_paid_at_once(budi: Account) -> None:
    claim = bank(decided(budi), "failed")
    choose(budi, claim)
    line = a_run().lines.get()
    assert (line.reference, line.number) == (f"{claim.number}-1-2", "9988776655")


@given(
    chosen=st.timedeltas(timedelta(0), timedelta(days=9)),
    added=st.timedeltas(timedelta(0), timedelta(days=9)),
    came_back=st.booleans(),
)
def test_a_payment_waits_at_most_a_day(chosen: timedelta, added: timedelta, came_back: bool) -> None:
    settled = is_settled(chosen_at=NOW - chosen, came_back=came_back, added_at=NOW - chosen - added, now=NOW)
    assert settled == (not came_back or added <= DAY or chosen >= DAY)


def test_a_clinics_bill_is_never_paid_to_the_member(budi: Account) -> None:
    decided(budi)
    Claim.objects.update(origin="clinic")
    assert made().run is None


def test_other_markets_are_not_paid_with_this_one(budi: Account) -> None:
    decided(budi)
    assert make_run(profile=market("rs"), by=OLGA).run is None


def test_a_withdrawn_run_releases_its_payments(budi: Account) -> None:
    claim = decided(budi)
    run = a_run()
    assert given_back(run).state == "withdrawn"
    assert given_back(run).withdrawn_by == "staff:olga"
    assert Event.objects.filter(kind="payment_run.withdrawn").count() == 1
    again = a_run()
    assert again != run
    assert lines(again) == [(f"{claim.number}-1-1", Decimal(100), "open")]
    assert lines(run) == [(f"{claim.number}-1-1", Decimal(100), "released")]
    with assert_refused("withdrawn"):
        signed(run)


def test_a_run_that_somebody_fetched_is_withdrawn_only_by_a_signer_and_only_if_the_bank_refused_it(
    budi: Account,
) -> None:
    _claim, run = at_the_bank(budi)
    with assert_refused("fetched"):
        given_back(run, PETAR)
    with assert_refused("not_a_signer"):
        given_back(run, OLGA, was_refused_by_bank=True)
    assert given_back(run, PETAR, was_refused_by_bank=True).state == "withdrawn"
    assert made().is_new


def test_a_run_that_the_bank_answered_is_not_withdrawn(budi: Account) -> None:
    _claim, run = at_the_bank(budi)
    run.lines.update(state="paid")
    with assert_refused("answered"):
        given_back(run, MARIJA, was_refused_by_bank=True)
    assert PaymentRun.objects.get().state != "withdrawn"


def test_an_unknown_run_is_not_found_and_one_of_another_market_neither(budi: Account) -> None:
    decided(budi)
    run = a_run()
    with assert_refused("unknown"):
        withdraw_run(profile=market("rs"), number=run.number, by=OLGA)
    with assert_refused("unknown"):
        withdraw_run(profile=ID, number="P-2026-999999", by=OLGA)
    assert PaymentRun.objects.get().state == "made"


def test_a_decision_that_grants_less_makes_a_run_outdated_until_the_bank_has_it(budi: Account) -> None:
    claim = decided(budi)
    run = signed(a_run(), PETAR)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    decide_again(claim, "80")
    with assert_refused("outdated", claim):
        signed(run, MARIJA)
    given_back(run)
    assert lines(a_run()) == [(f"{claim.number}-1-1", Decimal(80), "open")]


def test_a_decision_that_grants_nothing_makes_a_run_outdated_too(budi: Account) -> None:
    claim = decided(budi)
    run = signed(a_run())
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    decide_again(claim, "0", "rejected")
    with assert_refused("outdated", claim):
        fetched(run)
    given_back(run)
    assert made().run is None


def test_what_the_bank_has_is_not_lowered_any_more(budi: Account) -> None:
    claim, run = at_the_bank(budi)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    decide_again(claim, "80")
    assert Payment.objects.get().amount == 100
    assert not run.lines.all().outdated()


def test_the_database_refuses_two_open_lines_for_a_claim(budi: Account) -> None:
    decided(budi)
    line = a_run().lines.get()
    line.pk, line.place, line.reference = None, 2, "other"
    with pytest.raises(IntegrityError, match="run_claim_once"), transaction.atomic():
        line.save(force_insert=True)


def test_the_database_refuses_a_reference_that_was_used_before(budi: Account) -> None:
    decided(budi)
    line = a_run().lines.get()
    RunLine.objects.update(state="paid")
    line.pk, line.place = None, 2
    with pytest.raises(IntegrityError, match="run_reference_once"), transaction.atomic():
        line.save(force_insert=True)


@given(amounts=st.lists(st.decimals("0.01", "999999999.99", places=2), min_size=1, max_size=6))
def test_totals_are_the_sums_of_the_lines(amounts: list[Decimal]) -> None:
    payments = [Money(amount, ("IDR", "RSD")[place % 2]) for place, amount in enumerate(amounts)]
    figures = Figures.of(payments)
    assert figures.count == len(amounts)
    assert sum(one.amount for one in figures.totals) == sum(amounts)
    assert [one.currency for one in figures.totals] == sorted({one.currency for one in payments})


@pytest.fixture
def two_people(transactional_db: None) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
def test_two_runs_made_at_once_pay_nothing_twice(two_people: ThreadPoolExecutor, budi: Account, siti: Account) -> None:
    decided(budi)
    decided(siti)
    together = Barrier(2)

    def make(by: Actor) -> bool:
        try:
            together.wait()
            return made(by).is_new
        finally:
            connection.close()

    assert sorted(two_people.map(make, (OLGA, PETAR))) == [False, True]
    assert PaymentRun.objects.count() == 1
    assert RunLine.objects.count() == 2


def test_a_written_payment_has_no_diagnosis_and_no_provider(budi: Account) -> None:
    decided(budi)
    assert ID.claims.bank is not None
    written = bytes_of(a_run(), ID.claims.bank).decode()
    assert "batuk" not in written
    assert "Melati" not in written
    assert set(BankPayment.__dataclass_fields__) == {"reference", "money", "name", "kind", "bank", "number", "text"}


def test_a_run_costs_no_more_statements_for_more_claims(
    budi: Account, siti: Account, django_assert_max_num_queries: Any
) -> None:
    decided(budi)
    with CaptureQueriesContext(connection) as one:
        given_back(a_run())
    decided(siti)
    with django_assert_max_num_queries(len(one)):
        given_back(a_run())


def test_what_does_not_fit_into_a_run_goes_into_the_next(
    budi: Account, siti: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = decided(budi), decided(siti)
    monkeypatch.setattr(runs, "MOST_LINES", 1)
    assert [run.lines.get().claim for run in (a_run(), a_run())] == [first, second]
