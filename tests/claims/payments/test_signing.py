"""Two people sign a run; only then can its file be fetched, once by each."""

import csv
import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.models import FileFetch, PaymentRun, RunLine
from mypolis.insurance.claims.payments.refusals import RunRefused
from mypolis.insurance.claims.payments.runs import figures_of
from mypolis.insurance.claims.payments.signing import sign
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership
from tests.claims.lifecycle.test_paying import bank
from tests.claims.payments.bank_desk import ID, MARIJA, OLGA, PETAR, a_run, assert_refused, fetched, nobody, signed
from tests.claims.verdicts import decided

IVAN = Actor("staff", "ivan")


def rupiah(amount: str) -> tuple[Money, ...]:
    return (Money(Decimal(amount), "IDR"),)


@pytest.fixture
def run_of_two(budi: Account, siti: Account) -> PaymentRun:
    """A run that pays 100 to Budi and 50 to Siti."""
    decided(budi)
    decided(siti, "50")
    return a_run()


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 1},
        {"totals": rupiah("150.01")},
        {"totals": (Money(Decimal(150), "RSD"),)},
        {"totals": (*rupiah("150.00"), Money(Decimal(1), "RSD"))},
        {"totals": ()},
    ],
)
def test_other_figures_are_not_signed(run_of_two: PaymentRun, wrong: dict[str, object]) -> None:
    with assert_refused("other_figures"):
        signed(run_of_two, PETAR, **wrong)
    assert PaymentRun.objects.get().first_by == ""


def test_whoever_made_the_run_does_not_sign_it(run_of_two: PaymentRun) -> None:
    with assert_refused("is_maker"):
        signed(run_of_two, OLGA)
    assert PaymentRun.objects.get().signers == ()


def test_nobody_signs_twice(run_of_two: PaymentRun) -> None:
    with assert_refused("signed_before"):
        signed(run_of_two, PETAR, PETAR)
    assert PaymentRun.objects.get().signers == ("staff:petar",)


def test_a_third_signature_is_not_needed(run_of_two: PaymentRun) -> None:
    with assert_refused("signed_by_two"):
        signed(run_of_two, PETAR, MARIJA, IVAN)
    assert PaymentRun.objects.get().signers == ("staff:petar", "staff:marija")


@pytest.mark.parametrize("by", [SYSTEM, Actor("partner", "core")])
def test_programs_do_not_sign_and_fetch_nothing(run_of_two: PaymentRun, by: Actor) -> None:
    with assert_refused("not_a_person"):
        signed(run_of_two, by)
    signed(run_of_two)
    with assert_refused("not_a_person"):
        fetched(run_of_two, by)
    assert PaymentRun.objects.get().fetched_at is None


@pytest.mark.parametrize("role", ["insured", "payee"])
def test_nobody_signs_what_is_paid_to_them_or_their_family(budi: Account, siti: Account, role: str) -> None:
    claim = decided(budi)
    if role == "payee":
        assert claim.pay_to is not None
        claim.pay_to.account = siti
        claim.pay_to.save()
    run, own = a_run(), siti.person_id if role == "payee" else budi.person_id

    def is_own(cover: Membership) -> bool:
        return cover.person_id == own

    with assert_refused("concerned", claim):
        sign(profile=ID, number=run.number, figures=figures_of(run), by=PETAR, concerned=is_own)
    assert signed(run, MARIJA).signers == ("staff:marija",)


def test_what_was_paid_in_another_way_makes_the_run_outdated(run_of_two: PaymentRun) -> None:
    claim = run_of_two.lines.all()[0].claim
    bank(claim, "paid")
    with assert_refused("outdated", claim):
        signed(run_of_two, PETAR)
    assert PaymentRun.objects.get().signers == ()


def test_two_signatures_are_two_events(run_of_two: PaymentRun) -> None:
    assert signed(run_of_two, PETAR).state == "half_signed"
    run = signed(run_of_two, MARIJA)
    assert (run.state, run.signers) == ("signed", ("staff:petar", "staff:marija"))
    events = Event.objects.filter(kind="payment_run.signed").order_by("pk")
    assert [(one.actor_id, one.facts) for one in events] == [("petar", {"signers": 1}), ("marija", {"signers": 2})]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"first_by": "staff:petar", "second_by": "staff:petar"}, "run_two_sign"),
        ({"second_by": "staff:petar"}, "run_two_sign"),
        ({"first_by": "staff:olga"}, "run_maker_never_signs"),
        ({"first_by": "staff:petar", "second_by": "staff:olga"}, "run_maker_never_signs"),
    ],
)
def test_the_database_refuses_a_signature_too_many(run_of_two: PaymentRun, changes: dict[str, str], name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PaymentRun.objects.update(**changes)


def test_the_database_refuses_that_an_unsigned_file_is_fetched(run_of_two: PaymentRun) -> None:
    with pytest.raises(IntegrityError, match="run_fetched_only_signed"), transaction.atomic():
        PaymentRun.objects.update(first_by="staff:petar", fetched_at=run_of_two.made_at)


def test_unsigned_and_half_signed_files_are_not_fetched(run_of_two: PaymentRun) -> None:
    with assert_refused("not_signed"):
        fetched(run_of_two)
    signed(run_of_two, PETAR)
    with assert_refused("not_signed"):
        fetched(run_of_two)
    assert not FileFetch.objects.exists()


def test_a_signed_file_is_fetched_once_by_each_person(run_of_two: PaymentRun) -> None:
    signed(run_of_two)
    file = fetched(run_of_two)
    with assert_refused("fetched_before"):
        fetched(run_of_two)
    assert fetched(run_of_two, MARIJA) == file
    assert file.name == f"{run_of_two.number}.csv"
    assert hashlib.sha256(file.content).hexdigest() == run_of_two.sha256
    rows = list(csv.DictReader(io.StringIO(file.content.decode())))
    assert [(row["amount"], row["currency"], row["account"]) for row in rows] == [
        ("100.00", "IDR", "1234567890"),
        ("50.00", "IDR", "1234567890"),
    ]
    assert [one.actor_id for one in Event.objects.filter(kind="payment_run.fetched").order_by("pk")] == [
        "olga",
        "marija",
    ]
    assert PaymentRun.objects.get().state == "fetched"


def test_a_file_that_would_be_another_than_the_signed_one_does_not_leave(run_of_two: PaymentRun) -> None:
    signed(run_of_two)
    line = run_of_two.lines.all()[0]
    line.number = "9999999999"
    line.save()
    with assert_refused("other_bytes"):
        fetched(run_of_two)
    assert PaymentRun.objects.get().fetched_at is None


@pytest.fixture
def two_people(transactional_db: None) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.mark.django_db(transaction=True)
def test_one_person_in_two_windows_signs_once(two_people: ThreadPoolExecutor, budi: Account) -> None:
    decided(budi)
    run, together = a_run(), Barrier(2)

    def sign_it(_window: int) -> str:
        try:
            together.wait()
            sign(profile=ID, number=run.number, figures=figures_of(run), by=PETAR, concerned=nobody)
        except RunRefused as error:
            return error.code
        finally:
            connection.close()
        return "signed"

    assert sorted(two_people.map(sign_it, (1, 2))) == ["signed", "signed_before"]
    assert PaymentRun.objects.get().signers == ("staff:petar",)


def test_lines_and_payments_point_to_each_other(run_of_two: PaymentRun) -> None:
    assert [one.payments.get().amount for one in RunLine.objects.all()] == [100, 50]
