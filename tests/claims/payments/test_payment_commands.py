"""`mypolis claims payments`: from what is due to the bank's results."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from mypolis.foundation.markets import market
from mypolis.insurance.claims.commands import add_parser
from mypolis.insurance.claims.models import Claim, PaymentRun
from mypolis.membership.accounts.models import Account
from tests.claims.payments.bank_desk import a_run, at_the_bank, fetched, signed
from tests.claims.verdicts import decided
from tests.claims.world import reread
from tests.commands import Run, runner


@pytest.fixture
def run(db: None) -> Run:
    """Run `mypolis claims payments … --market id`; gives the exit code, standard output and standard error."""
    return runner(add_parser, "claims", "payments", last=("--market", "id"))


def results(folder: Path, *lines: str) -> str:
    path = folder / "results.csv"
    path.write_text("\n".join(["reference,state,date,code", *lines]) + "\n", encoding="utf-8")
    return str(path)


def test_an_unknown_market_or_run_is_reported(run: Run, budi: Account) -> None:
    assert runner(add_parser, "claims", "payments")("list", "--market", "xx")[0] == 2
    assert run("show", "P-2026-999999") == (1, "", "mypolis: This market has no such payment run.\n")


@pytest.mark.parametrize("total", ["150", "IDR:150", "idr=150", "IDR=-1", "IDR=1.234", "IDR=١٥"])
def test_a_sum_has_a_currency_and_at_most_two_decimals(run: Run, total: str) -> None:
    assert run("sign", "P-2026-000001", "--count", "1", "--total", total)[0] == 2


def test_a_program_makes_no_runs(run: Run, budi: Account) -> None:
    assert run("make", "--by", "system") == (1, "", "mypolis: Only a member of staff can do this.\n")


def test_without_anything_due_nothing_is_made(run: Run, budi: Account) -> None:
    assert run("list") == (0, "No payment runs.\n", "")
    assert run("make", "--by", "staff:olga") == (0, "Nothing can be paid now.\n", "")


def test_what_is_left_out_is_named_by_its_claim(run: Run, budi: Account) -> None:
    claim = decided(budi)
    Claim.objects.update(pay_to=None)
    assert run("make", "--by", "olga")[1] == f"{claim.number}: no account was chosen\nNothing can be paid now.\n"


def test_a_run_goes_from_due_to_paid(run: Run, budi: Account, tmp_path: Path) -> None:
    claim = decided(budi)
    code, out, _err = run("make", "--by", "olga")
    number = PaymentRun.objects.get().number
    assert (code, out) == (0, f"{number}  made  1 payments  IDR 100.00\n")
    figures = ("--count", "1", "--total", "IDR=100")
    assert run("sign", number, *figures, "--by", "petar")[1] == f"{number}: signed by staff:petar\n"
    assert run("sign", number, "--count", "2", "--total", "IDR=100", "--by", "marija")[0] == 1
    assert run("sign", number, *figures, "--by", "marija")[0] == 0
    path = tmp_path / "file.csv"
    assert run("file", number, "--to", str(path), "--by", "olga")[0] == 0
    assert f"{claim.number}-1-1,100.00,IDR,Budi Santoso,id,014,1234567890" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "1 unanswered for 0 days" in run("list", "--open")[1]
    file = results(tmp_path, f"{claim.number}-1-1,paid,{market('id').today()},")
    assert run("results", file, "--by", "olga") == (0, "Recorded: 1; known before: 0; for a person: 0.\n", "")
    assert run("results", file, "--by", "olga") == (0, "Recorded: 0; known before: 1; for a person: 0.\n", "")
    assert reread(claim).state == "paid"
    assert run("list", "--open")[1] == "No payment runs.\n"


def test_a_file_is_not_lost_because_it_cannot_be_written(run: Run, budi: Account, tmp_path: Path) -> None:
    decided(budi)
    number = signed(a_run()).number
    path = tmp_path / "file.csv"
    path.write_text("something else")
    assert run("file", number, "--to", str(path), "--by", "olga")[0] == 1
    assert path.read_text() == "something else"
    assert PaymentRun.objects.get().fetched_at is None


def test_a_refused_file_leaves_nothing_behind(run: Run, budi: Account, tmp_path: Path) -> None:
    decided(budi)
    path = tmp_path / "file.csv"
    assert run("file", a_run().number, "--to", str(path), "--by", "olga")[2].startswith("mypolis: Two people must sign")
    assert not path.exists()


def test_results_that_need_a_person_are_told_line_by_line(run: Run, budi: Account, tmp_path: Path) -> None:
    _claim, paid = at_the_bank(budi)
    reference, today = paid.lines.get().reference, timezone.localdate(timezone=market("id").zone)
    file = results(tmp_path, f"{reference},failed,{today},account_closed", "X-1,paid,2026-01-01,", ",paid,,")
    code, out, _err = run("results", file, "--by", "olga")
    assert code == 1
    assert out == (
        "line 3  X-1: we sent no payment with this reference\n"
        "line 4  –: there is no reference\n"
        "Recorded: 1; known before: 0; for a person: 2.\n"
    )


@pytest.mark.parametrize("content", [b"", b"%PDF", b"reference,day\nX,1\n"])
def test_a_file_without_results_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(content)
    code, _out, err = run("results", str(path), "--by", "olga")
    assert (code, err.startswith("mypolis: ")) == (1, True)


def test_a_run_is_shown_with_masked_accounts_and_without_names(run: Run, budi: Account) -> None:
    decided(budi)
    number = a_run().number
    text, as_json = run("show", number)[1], json.loads(run("show", number, "--json")[1])
    assert "•••• 7890" in text
    assert "1234567890" not in text
    assert "Budi" not in text + json.dumps(as_json)
    assert (as_json["signers"], as_json["lines"][0]["account"]) == ([], "•••• 7890")


def test_a_run_is_withdrawn(run: Run, budi: Account) -> None:
    decided(budi)
    made = a_run()
    assert run("withdraw", made.number, "--by", "olga") == (0, f"{made.number}: withdrawn\n", "")
    fetched(signed(a_run()))
    second = PaymentRun.objects.latest("pk")
    assert "the bank may pay it" in run("withdraw", second.number, "--by", "petar")[2]
    assert run("withdraw", second.number, "--bank-refused", "--by", "petar")[0] == 0
