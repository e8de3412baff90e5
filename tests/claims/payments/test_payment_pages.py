"""The desk's pages about payments: an operator makes a run, two others sign it, and the bank's results come in."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import market
from mypolis.foundation.staff.models import StaffAccount
from mypolis.insurance.claims.adjudication.reasons import REASONS, Kind
from mypolis.insurance.claims.models import Claim, PaymentRun
from mypolis.insurance.claims.payments.due import HeldBack
from mypolis.insurance.claims.payments.refusal_texts import CAME_BACK, CAME_TO, LEFT_OUT, REFUSALS
from mypolis.insurance.claims.payments.refusals import RunRefusal
from mypolis.insurance.claims.payments.results import CameTo
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from tests.claims.payments.bank_desk import a_run, at_the_bank
from tests.claims.verdicts import decided
from tests.claims.world import reread
from tests.staff.world import at_desk, colleague

BASE = "/desk/id/payments/"


@pytest.fixture
def olga(db: None) -> Client:
    """An operator."""
    return at_desk(colleague("Olga", "operator", market="id"))


@pytest.fixture
def petar(db: None) -> Client:
    """A senior assessor."""
    return at_desk(colleague("Petar", "senior-assessor", market="id"))


@pytest.fixture
def marija(db: None) -> Client:
    """An administrator."""
    return at_desk(colleague("Marija", "administrator", market="id"))


def run_by(olga: Client) -> str:
    """The address of a run that Olga made."""
    made = olga.post(f"{BASE}make/")
    assert made.status_code == 302, made.content.decode()
    return str(made["Location"])


def signed_by(signer: Client, address: str, count: str = "1", total: str = "100") -> Any:
    return signer.post(f"{address}sign/", {"count": count, "total_IDR": total})


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_run_says_who_acts_next(olga: Client, petar: Client, marija: Client, budi: Account) -> None:
    decided(budi)
    address = run_by(olga)
    assert "Two people who did not make the run sign it." in text_of(olga.get(address))
    assert "Two people who did not make" not in text_of(petar.get(address)), "he has the form"
    signed_by(petar, address)
    assert "Two people who did not make the run sign it." in text_of(petar.get(address))
    signed_by(marija, address)
    assert "An operator fetches the file and gives it to the bank." in text_of(marija.get(address))
    assert "An operator fetches" not in text_of(olga.get(address)), "she has the button"
    assert "Two people who did not make" not in text_of(olga.get(address))


def test_whoever_is_paid_by_a_run_does_not_sign_it(olga: Client, petar: Client, budi: Account) -> None:
    decided(budi)
    address = run_by(olga)
    signer = StaffAccount.objects.get(name="Petar").pk
    enter_relation(staff=signer, person=budi.person, by=SYSTEM)
    refusal = signed_by(petar, address)
    assert refusal.status_code == 422
    assert str(REFUSALS["concerned"]) in text_of(refusal)
    assert not PaymentRun.objects.get().first_by


def test_nothing_due_makes_nothing(olga: Client, budi: Account) -> None:
    assert "Nothing can be paid now." in text_of(olga.post(f"{BASE}make/"))
    assert "There are no payment runs." in text_of(olga.get(BASE))


def test_what_is_left_out_is_named(olga: Client, budi: Account) -> None:
    claim = decided(budi)
    Claim.objects.update(pay_to=None)
    assert f"<b>{claim.number}</b>: no account was chosen" in text_of(olga.post(f"{BASE}make/"))


def test_a_run_of_another_market_is_not_found(budi: Account) -> None:
    decided(budi)
    number = a_run().number
    vera = at_desk(colleague("Vera", "operator", "administrator", market="rs"))
    assert vera.get(f"/desk/rs/payments/{number}/").status_code == 404
    assert vera.post(f"/desk/rs/payments/{number}/withdraw/").status_code == 404
    assert PaymentRun.objects.get().withdrawn_at is None


def test_a_run_goes_from_due_to_paid(olga: Client, petar: Client, marija: Client, budi: Account) -> None:
    claim = decided(budi)
    address = run_by(olga)
    assert signed_by(petar, address).status_code == 302
    assert signed_by(marija, address).status_code == 302
    page = text_of(olga.get(address))
    assert "Petar, Marija" in page
    file = olga.post(f"{address}file/")
    assert file["Content-Disposition"].startswith('attachment; filename="P-')
    assert file["Cache-Control"] == "no-store"
    assert b"1234567890" in file.content
    lines = f"reference,state,date,code\n{claim.number}-1-1,paid,{market('id').today()},\nX,paid,2026-01-01,"
    report = text_of(olga.post(f"{BASE}results/", {"table": lines}))
    assert "1 payment recorded." in report
    assert "we sent no payment with this reference" in report
    assert reread(claim).state == "paid"
    assert PaymentRun.objects.get().state == "answered"


def test_a_payment_that_came_back_says_why_in_words(olga: Client, petar: Client, marija: Client, budi: Account) -> None:
    claim, address = decided(budi), run_by(olga)
    assert signed_by(petar, address).status_code == signed_by(marija, address).status_code == 302
    olga.post(f"{address}file/")
    lines = f"reference,state,date,code\n{claim.number}-1-1,failed,{market('id').today()},account_closed"
    olga.post(f"{BASE}results/", {"table": lines})
    page = text_of(olga.get(address))
    assert "the account is closed" in page
    assert "account_closed" not in page, "the code is for programs"


def test_other_figures_are_refused_and_stay_on_the_page(olga: Client, petar: Client, budi: Account) -> None:
    decided(budi)
    answer = signed_by(petar, run_by(olga), total="1001")
    assert answer.status_code == 422
    assert "not the number and the totals" in text_of(answer)
    assert 'value="1001"' in text_of(answer)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"count": "", "total_IDR": "100"},  # a run of one payment: nothing typed must not count as 1
        {"total_IDR": "100"},
        {"count": "one", "total_IDR": "100"},
        {"count": "1", "total_IDR": "-100"},
    ],
)
def test_figures_that_are_none_are_refused(olga: Client, petar: Client, budi: Account, fields: dict[str, str]) -> None:
    decided(budi)
    assert petar.post(f"{run_by(olga)}sign/", fields).status_code == 422
    assert PaymentRun.objects.get().first_by == ""


def test_somebody_with_both_roles_does_not_sign_their_own_run(budi: Account) -> None:
    decided(budi)
    boss = at_desk(colleague("Vesna", "operator", "administrator", market="id"))
    address = run_by(boss)
    assert "Sign this run" not in text_of(boss.get(address))
    assert "Somebody else must sign it" in text_of(signed_by(boss, address))


def test_a_file_needs_two_signatures(olga: Client, petar: Client, budi: Account) -> None:
    decided(budi)
    address = run_by(olga)
    signed_by(petar, address)
    assert "Fetch the file" not in text_of(olga.get(address))
    assert "Two people must sign this run first." in text_of(olga.post(f"{address}file/"))


def test_signing_and_fetching_ask_for_a_factor_again(budi: Account) -> None:
    decided(budi)
    number = a_run().number
    late = at_desk(colleague("Petar", "administrator", "operator", market="id"), minutes_ago=10)
    for action in ("sign", "file", "withdraw"):
        assert "show that it is you" in text_of(late.post(f"{BASE}{number}/{action}/"))
    assert PaymentRun.objects.get().signers == ()


def test_a_run_is_withdrawn_before_it_is_fetched(olga: Client, budi: Account) -> None:
    decided(budi)
    address = run_by(olga)
    assert f'href="{address}withdraw/"' in text_of(olga.get(address))
    asks = text_of(olga.get(f"{address}withdraw/"))
    assert PaymentRun.objects.get().number in asks
    assert "payments become due again" in asks
    assert PaymentRun.objects.get().withdrawn_at is None, "it asks first"
    assert olga.post(f"{address}withdraw/").status_code == 302
    assert PaymentRun.objects.get().state == "withdrawn"
    assert olga.get(f"{address}withdraw/")["Location"] == address


def test_saying_that_the_bank_refused_a_file_warns_of_paying_twice(petar: Client, budi: Account) -> None:
    _claim, run = at_the_bank(budi)
    assert "would be paid twice" in text_of(petar.get(f"{BASE}{run.number}/bank-refused/"))
    assert PaymentRun.objects.get().state == "fetched"


def test_only_a_signer_says_that_the_bank_refused_the_file(petar: Client, budi: Account) -> None:
    _claim, run = at_the_bank(budi)
    answer = petar.post(f"{BASE}{run.number}/bank-refused/")
    assert "Only somebody who signed this run" in text_of(answer)
    assert PaymentRun.objects.get().state == "fetched"


def test_pages_show_neither_names_nor_whole_numbers(olga: Client, budi: Account) -> None:
    decided(budi)
    pages = text_of(olga.get(run_by(olga))) + text_of(olga.get(BASE))
    assert "•••• 7890" in pages
    assert "1234567890" not in pages
    assert "Santoso" not in pages
    assert "batuk" not in pages


@pytest.mark.parametrize("table", ["", "reference,day\nX,1", "%PDF-1", "\x00", "a\n" * 30_000])
def test_a_text_without_results_is_refused(olga: Client, table: str) -> None:
    assert olga.post(f"{BASE}results/", {"table": table}).status_code == 422


def test_pasted_cells_of_a_spreadsheet_are_read(olga: Client, budi: Account) -> None:
    claim, run = at_the_bank(budi)
    lines = (
        f"Reference\tState\tDate\tCode\r\n{run.lines.get().reference}\tfailed\t{market('id').today()}\taccount_closed"
    )
    assert "1 payment recorded." in text_of(olga.post(f"{BASE}results/", {"table": lines}))
    assert reread(claim).state == "payment_failed"


def test_a_run_says_in_words_why_a_payment_came_back(olga: Client, budi: Account) -> None:
    _claim, run = at_the_bank(budi)
    table = f"reference,state,date,code\n{run.lines.get().reference},failed,{market('id').today()},account_closed"
    olga.post(f"{BASE}results/", {"table": table})
    page = text_of(olga.get(f"{BASE}{run.number}/"))
    assert "the account is closed" in page
    assert "account_closed" not in page


def test_a_list_of_runs_costs_the_same_for_one_and_for_many(
    olga: Client, budi: Account, django_assert_max_num_queries: Any
) -> None:
    decided(budi)
    run = a_run()
    for place in range(20):
        PaymentRun.objects.create(market="id", number=f"P-2020-{place:06}", made_at=run.made_at, made_by="staff:1")
    with django_assert_max_num_queries(15):
        page = text_of(olga.get(BASE))
    assert page.count("P-2020-") == 40  # the number and its address
    assert Decimal(100) == run.lines.get().amount


def test_the_start_page_says_what_waits(olga: Client, budi: Account, siti: Account) -> None:
    assert "payment run" not in text_of(olga.get("/desk/id/"))
    at_the_bank(budi)
    PaymentRun.objects.update(fetched_at=timezone.now() - timedelta(days=4))
    decided(siti)
    a_run()
    page = text_of(olga.get("/desk/id/"))
    for said in ("1 payment run waits for signatures.", "1 payment run waits for the bank.", "waited for 4 days."):
        assert said in page


def test_the_list_says_how_long_the_bank_is_silent(olga: Client, budi: Account) -> None:
    at_the_bank(budi)
    assert "since today" in text_of(olga.get(f"{BASE}?open=1"))
    PaymentRun.objects.update(fetched_at=timezone.now() - timedelta(days=4))
    assert "4 days" in text_of(olga.get(f"{BASE}?open=1"))


def test_a_run_costs_the_same_for_one_line_and_for_a_page_of_them(
    petar: Client, budi: Account, siti: Account, django_assert_max_num_queries: Any
) -> None:
    for account in (budi, siti):
        decided(account)
    run = a_run()
    with django_assert_max_num_queries(15):
        page = text_of(petar.get(f"{BASE}{run.number}/"))
    assert page.count("-1-1") == 2


def test_every_refusal_has_a_sentence() -> None:
    for codes, texts in ((RunRefusal, REFUSALS), (HeldBack, LEFT_OUT), (CameTo, CAME_TO)):
        assert set(_values(codes.__value__)) == set(texts)
    assert {code for code, reason in REASONS.items() if reason.kind == Kind.PAYMENT} == set(CAME_BACK)


def _values(literal: Any) -> Iterator[str]:
    """The values of a literal type, also of one that is made of others."""
    for part in get_args(literal):
        if isinstance(part, str):
            yield part
        else:
            yield from _values(getattr(part, "__value__", part))
