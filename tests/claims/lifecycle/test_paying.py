"""Payments of several decisions: they are made together, come back together, and are shown with their whole sum."""

from decimal import Decimal

from django.utils import timezone

from mypolis.insurance.claims.lifecycle.following import appeal, change_account
from mypolis.insurance.claims.lifecycle.paying import due, pay
from mypolis.insurance.claims.models import Claim, Payment
from mypolis.insurance.claims.pages.headlines import headline
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.models import Account
from tests.claims.app import App
from tests.claims.core_system.program import Core, said
from tests.claims.verdicts import CORE, decide_again, decided
from tests.claims.world import actor, bank_account, reread


def in_two_parts(account: Account) -> Claim:
    """A claim that got 100, then 20 more after an appeal; both parts are on their way."""
    claim = decided(account)
    appeal(account=account, claim=claim.pk, text="The limit is higher.", by=actor(account))
    return decide_again(claim, "120")


def results(claim: Claim) -> list[tuple[Decimal, str]]:
    return list(claim.payments.order_by("pk").values_list("amount", "state"))


def bank(claim: Claim, state: str, reason: str = "account_closed") -> Claim:
    """What the bank reports."""
    code = reason if state == "failed" else ""
    pay(claim=claim, state=state, at=timezone.now(), code=code, by=CORE)  # type: ignore[arg-type]
    return reread(claim)


def choose(account: Account, claim: Claim, number: str = "9988776655") -> None:
    other = bank_account(account, number)
    change_account(account=account, claim=claim.pk, pay_to=other.pk, by=actor(account))


def test_all_parts_of_a_payment_that_came_back_are_paid_to_the_other_account(budi: Account) -> None:
    claim = bank(in_two_parts(budi), "failed")
    assert claim.state == "payment_failed"
    choose(budi, claim)
    assert results(claim) == [(100, "failed"), (20, "failed"), (120, "to_be_paid")]
    assert claim.payments.latest("pk").shown == "•••• 6655"
    claim = bank(claim, "paid")
    assert (claim.state, due(claim)) == ("paid", 0)


def test_a_payment_that_comes_back_twice_is_paid_a_third_time(budi: Account) -> None:
    claim = bank(in_two_parts(budi), "failed")
    choose(budi, claim)
    bank(claim, "failed")
    choose(budi, claim, "1122334455")
    assert results(claim)[2:] == [(120, "failed"), (120, "to_be_paid")]
    claim = bank(claim, "paid")
    assert Payment.objects.filter(claim=claim, state="paid").count() == 1


def test_a_member_whose_bank_took_no_payment_is_told_to_choose_another_account(budi: Account) -> None:
    claim = bank(decided(budi), "failed", "bank_later")
    assert App(budi).claim(claim)["can"] == ["change-account"]
    told = claim.changes.latest("pk").sentence("en")
    assert "choose another account" in told
    assert "need not" not in told


def test_paid_after_failed_holds_for_all_parts(budi: Account) -> None:
    claim = bank(in_two_parts(budi), "failed")
    claim = bank(claim, "paid")
    assert (claim.state, results(claim)) == ("paid", [(100, "paid"), (20, "paid")])
    assert Payment.objects.values("transfer").distinct().count() == 1


def test_what_is_paid_is_shown_as_one_sum(budi: Account) -> None:
    claim = decided(budi)
    bank(claim, "paid")
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    claim = decide_again(claim, "120")
    assert App(budi).claim(claim)["payment"]["amount"] == "20.00", "what is on its way"
    claim = bank(claim, "paid")
    assert App(budi).claim(claim)["payment"]["amount"] == "120.00"
    explained = App(budi).get(f"claims/{claim.pk}/eob").json()
    assert (explained["granted"], explained["payment"]["amount"]) == ("120.00", "120.00")
    assert headline(shown([claim], budi)[0]).title.endswith("120")


def test_the_core_system_reads_and_reports_the_whole_transfer(budi: Account) -> None:
    core, claim = Core(), in_two_parts(budi)
    (read,) = core.everything()[0]
    assert (read["payment"]["state"], read["payment"]["amount"]) == ("to_be_paid", "120.00")
    paid = {"state": "paid", "at": timezone.now().isoformat(), "amount": "120.00"}
    message = said(claim, "120.00", key="p1", payment=paid)
    assert core.decide(claim, message).json()["came_to"] == "paid"
    assert core.decide(claim, message | {"id": "p2"}).json()["came_to"] == "unchanged"
    assert reread(claim).state == "paid"


def test_money_that_came_back_during_an_appeal_is_asked_about_after_it(budi: Account) -> None:
    claim = decided(budi)
    appeal(account=budi, claim=claim.pk, text="The limit is higher.", by=actor(budi))
    bank(claim, "failed")
    claim = decide_again(claim, "120")
    assert (claim.state, claim.changes.latest("pk").code) == ("payment_failed", "account_closed")
    choose(budi, claim)
    assert results(claim) == [(100, "failed"), (120, "to_be_paid")]


def test_a_part_that_was_granted_after_the_money_came_back_is_paid_even_if_the_bank_corrects_itself(
    budi: Account,
) -> None:
    claim = bank(decided(budi), "failed")
    claim = decide_again(claim, "120")
    assert (claim.state, results(claim)) == ("payment_failed", [(100, "failed")])
    claim = bank(claim, "paid")
    assert (claim.state, results(claim)) == ("to_be_paid", [(100, "paid"), (20, "to_be_paid")])
    assert bank(claim, "paid").state == "paid"


def test_an_old_result_that_comes_again_does_not_stop_the_payment_to_the_other_account(budi: Account) -> None:
    core, claim = Core(), decided(budi)
    result = {"state": "failed", "at": timezone.now().isoformat(), "code": "account_closed"}
    assert core.decide(claim, said(claim, key="f1", payment=result)).json()["came_to"] == "paid"
    choose(budi, claim)
    assert core.decide(claim, said(claim, key="f2", payment=result)).json()["came_to"] == "unchanged"
    assert (reread(claim).state, results(claim)) == ("to_be_paid", [(100, "failed"), (100, "to_be_paid")])
