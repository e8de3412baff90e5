"""The rules decide many claims together as they would decide each alone, and members get the news."""

import argparse
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.receiving import receive
from mypolis.foundation.notices.models import Message
from mypolis.insurance.claims.decisions import by_rules
from mypolis.insurance.claims.decisions.by_rules import adjudicate_claims
from mypolis.insurance.claims.decisions.decision_commands import add_adjudicate_parser
from mypolis.insurance.claims.decisions.ledger import reserve
from mypolis.insurance.claims.jobs import tell_change
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, Payment, StateChange
from mypolis.insurance.claims.repeats import remember_lines
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.models import Balance, Entry
from mypolis.membership.accounts.models import Account
from tests.claims.decisions.stored import SENT, bill, claimed
from tests.coverage.books import loaded
from tests.coverage.members import DAY, insured
from tests.files.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _book(db: None, tmp_path: Path) -> None:
    loaded(tmp_path)


def run(arguments: list[str]) -> int:
    """Run `mypolis …` and return its exit code."""
    parser = argparse.ArgumentParser()
    add_adjudicate_parser(parser.add_subparsers())
    parsed = parser.parse_args(arguments)
    return int(parsed.run(parsed))


def ready(*bills: dict[str, Any], number: str, **more: Any) -> Claim:
    """A claim with all its papers."""
    membership = more.pop("membership", None) or insured(f"Member {number}")
    return claimed(membership, *bills, number=number, state=State.RECEIVED, **more)


def test_each_outcome_is_decided_written_and_reported() -> None:
    whole = ready(bill(100), bill(50), number="C-1")
    partly = ready(bill(700), number="C-2")
    never = ready(bill(100, in_network=False), number="C-3")
    for claim in (whole, partly, never):
        reserve(claim=claim, by=SYSTEM)
    report = adjudicate_claims(market="id", by=SYSTEM)
    assert (report.approved, report.partly_approved, report.rejected, report.undecided) == (1, 1, 1, {})
    states = dict(Claim.objects.values_list("number", "state"))
    assert states == {"C-1": State.TO_BE_PAID, "C-2": State.TO_BE_PAID, "C-3": State.REJECTED}
    assert sorted(Payment.objects.values_list("claim__number", "amount", "currency")) == [
        ("C-1", 150, "IDR"), ("C-2", 600, "IDR"),
    ]  # fmt: skip
    explained = partly.decisions.get().lines.get()
    assert (explained.billed, explained.granted, explained.own_share) == (700, 600, 100)
    assert [(cut["code"], cut["amount"]) for cut in explained.cuts] == [("limit_year", "100.00")]
    assert explained.plan == "health gold"
    assert sum(row.used_amount for row in Balance.objects.all()) == 750
    assert all(row.reserved_amount == 0 for row in Balance.objects.all())
    assert verify() == 0


def test_a_decision_starts_the_time_for_an_appeal_and_ends_the_promise() -> None:
    claim = ready(bill(700), number="C-1", promised_by=DAY + timedelta(days=30))
    adjudicate_claims(market="id", by=SYSTEM)
    found = Claim.objects.get(pk=claim.pk)
    today = found.profile.today()
    assert found.decided_at is not None
    assert found.appeal_until == today + timedelta(days=found.profile.claims.appeal_days)
    assert found.promised_by is None
    assert found.version == claim.version + 2
    assert list(found.changes.order_by("pk").values_list("before", "after")) == [
        ("received", "partly_approved"), ("partly_approved", "to_be_paid"),
    ]  # fmt: skip
    kinds = list(Event.objects.filter(subject=f"claims.claim:{claim.pk}").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["claim.decided", "claim.changed", "claim.payment_changed", "claim.changed"]


def test_what_cannot_be_decided_is_left_as_it_is_and_reported() -> None:
    foreign = ready(bill(100, currency="EUR"), number="C-1")
    ready(number="C-2")
    ready(bill(100), {"amount": None}, number="C-3")
    claimed(insured("Appeal"), bill(100), number="C-4", state=State.APPEALED)
    reserve(claim=foreign, by=SYSTEM)
    report = adjudicate_claims(market="id", by=SYSTEM)
    assert report.undecided == {"C-1": "question", "C-2": "no_lines", "C-3": "no_lines"}
    assert report.decided == 0
    assert not StateChange.objects.exists()
    chosen = adjudicate_claims(market="id", by=SYSTEM, numbers=["C-4", "C-9"])
    assert chosen.undecided == {"C-4": "not_ready", "C-9": "not_ready"}


def test_received_bytes_are_kept_until_the_time_for_an_appeal_has_passed(folder: Path) -> None:
    claims = [ready(bill(100), number=f"C-{number}") for number in range(3)]
    for claim in claims:
        receive(market="id", owner=claim, kind="receipt", name="a.jpg", content=[b"paper"], by=SYSTEM)
    sealed = ReceivedFile.objects.values_list("sealed_until", flat=True)
    assert set(sealed.all()) == {None}
    adjudicate_claims(market="id", by=SYSTEM)
    assert set(sealed.all()) == {Claim.objects.get(pk=claims[0].pk).appeal_until}
    assert Event.objects.filter(kind="received_file.sealed").count() == 3


def test_what_the_rules_would_reject_is_left_to_people_where_only_they_may() -> None:
    never = ready(bill(100, in_network=False), number="C-1")
    report = adjudicate_claims(market="id", by=SYSTEM, may_reject=False)
    assert (report.decided, report.undecided) == (0, {never.number: "for_people"})


def test_a_claim_that_stays_undecided_keeps_its_reservation_for_the_rest_of_its_batch() -> None:
    budi = insured()
    first = ready(bill(400), {"amount": None}, number="C-1", membership=budi)
    reserve(claim=first, by=SYSTEM)
    ready(bill(500), number="C-2", membership=budi)
    adjudicate_claims(market="id", by=SYSTEM)
    assert Payment.objects.get().amount == 200, "600 a year, of which 400 are reserved"
    assert verify() == 0


def test_an_appeal_in_review_is_left_to_people() -> None:
    claim = ready(bill(700), number="C-1")
    adjudicate_claims(market="id", by=SYSTEM)
    Claim.objects.filter(pk=claim.pk).update(state=State.IN_REVIEW)
    assert adjudicate_claims(market="id", by=SYSTEM).decided == 0


def test_claims_of_a_family_share_their_limit_across_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_rules, "AT_A_TIME", 2)
    family = [insured(f"Member {number}", family="E1") for number in range(3)]
    for number, one in enumerate(family * 2):
        ready(bill(100), number=f"C-{number}", membership=one, benefit="teeth")
    report = adjudicate_claims(market="id", by=SYSTEM)
    assert report.decided == 6
    assert sum(payment.amount for payment in Payment.objects.all()) == 300
    assert verify() == 0


def test_a_dry_run_changes_nothing() -> None:
    ready(bill(100), number="C-1")
    report = adjudicate_claims(market="id", by=SYSTEM, is_dry_run=True)
    assert report.approved == 1
    assert not Entry.objects.exists()
    assert not Event.objects.filter(kind__startswith="claim.").exists()
    assert Claim.objects.get().state == State.RECEIVED


def test_another_market_is_not_touched() -> None:
    ready(bill(100), number="C-1")
    assert adjudicate_claims(market="rs", by=SYSTEM).decided == 0


def test_the_queries_of_a_batch_do_not_grow() -> None:
    def queries(count: int, prefix: str) -> int:
        for number in range(count):
            claim = ready(bill(100), bill(60), number=f"{prefix}-{number}")
            reserve(claim=claim, by=SYSTEM)
        with CaptureQueriesContext(connection) as captured:
            assert adjudicate_claims(market="id", by=SYSTEM).decided == count
        return len(captured)

    few = queries(2, "C")
    assert queries(12, "D") <= few
    assert few <= 40


def test_a_bill_that_comes_again_is_left_to_people() -> None:
    membership = insured()
    twice = [ready(bill(100, number="KW-7"), number=f"C-{place}", membership=membership) for place in (1, 2)]
    ready(bill(60), bill(60), number="C-3", membership=membership)
    within = ready(bill(100, number="KW-8"), bill(100, number="KW-8"), number="C-4", membership=membership)
    for claim in [*twice, within]:
        remember_lines(claim)
    report = adjudicate_claims(market="id", by=SYSTEM)
    assert (report.decided, report.undecided) == (1, dict.fromkeys(("C-1", "C-2", "C-4"), "repeated"))


def test_a_claim_that_was_sent_again_is_left_to_people_while_the_first_is_appealed() -> None:
    membership = insured()
    first = claimed(membership, bill(100), number="C-1", state=State.REJECTED)
    ready(bill(100), number="C-2", membership=membership, related=first)
    assert adjudicate_claims(market="id", is_dry_run=True, by=SYSTEM).undecided == {}
    Claim.objects.filter(pk=first.pk).update(state=State.APPEALED)
    assert adjudicate_claims(market="id", by=SYSTEM).undecided == {"C-2": "repeated"}


def test_the_news_is_told_once_for_each_decision_and_not_for_the_payment() -> None:
    membership = insured()
    account = Account.objects.create(market="id", person=membership.person, language="id", password_hash="!")
    account.contact_points.create(
        market="id", kind="mobile", value="+628123456789", key="+628123456789", exclusive=False, confirmed_at=SENT
    )
    ready(bill(100), number="C-1", membership=membership, account=account)
    adjudicate_claims(market="id", by=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'change' FROM procrastinate_jobs WHERE task_name = 'claims.tell'")
        jobs = [int(row[0]) for row in cursor.fetchall()]
    assert jobs == [StateChange.objects.get(after=State.APPROVED).pk]
    tell_change(change=jobs[0])
    message = Message.objects.get()
    assert (message.template, message.to) == ("claim-news", "+628123456789")


def test_the_command_reports_in_words_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    ready(bill(100), number="C-1")
    ready(number="C-2")
    assert run(["adjudicate", "--market", "id", "--dry-run", "C-1"]) == 0
    assert "Decided: 1 (1 approved, 0 partly approved, 0 rejected); left undecided: 0." in capsys.readouterr().out
    assert run(["adjudicate", "--market", "id", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        **{"decided": 1, "approved": 1, "partly_approved": 0, "rejected": 0},
        "undecided": {"C-2": "no_lines"},
    }
    assert run(["adjudicate", "--market", "xx"]) == 2
    assert "--market must be one of" in capsys.readouterr().err
