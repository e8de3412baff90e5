"""`mypolis claims`: an operator lists, shows and decides claims, and records bills of clinics."""

import json
from pathlib import Path

import pytest

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.commands import add_parser
from mypolis.insurance.claims.models import Claim, Decision
from mypolis.membership.accounts.models import Account
from tests.claims.core_system.program import said
from tests.claims.core_system.test_clinic_bills import a_bill
from tests.claims.world import bill, draft, reread, sent
from tests.commands import Run, runner

PLACE = ("--market", "id")


@pytest.fixture
def run(db: None) -> Run:
    """Run `mypolis claims …`; gives the exit code, standard output and standard error."""
    return runner(add_parser, "claims")


def test_an_unknown_market_claim_or_state_is_reported(run: Run, budi: Account) -> None:
    number = sent(budi).number
    assert run("show", number, "--market", "xx")[0] == 2
    assert run("list", *PLACE, "--state", "lost")[0] == 2
    assert run("show", number, "--market", "rs") == (1, "", "mypolis: this market has no such claim\n")
    assert run("decide", "C-2026-999999", "--outcome", "approved", *PLACE)[0] == 1
    assert run("decide", number, *PLACE)[0] == 2
    assert run("decide", number, "--outcome", "approved", "--file", "x.json", *PLACE)[0] == 2


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--outcome", "partly_approved"), "every line is granted in full"),
        (("--outcome", "partly_approved", "--line", "1=100"), "without a reason"),
        (("--outcome", "partly_approved", "--line", "1=151:share"), "between 0 and 150"),
        (("--outcome", "partly_approved", "--line", "1=100:because"), "unknown reason"),
        (("--outcome", "partly_approved", "--line", "2=100:share"), "the claim has no line 2"),
        (("--outcome", "partly_approved", "--line", "1=1,5:share"), "lines.0.granted"),
        (("--outcome", "rejected"), "without a reason"),
        (("--outcome", "rejected", "--reason", "share"), "no line has a reason of rejection"),
        (("--file", "/nowhere/decision.json"), "No such file"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused(
    run: Run, budi: Account, options: tuple[str, ...], problem: str
) -> None:
    code, out, err = run("decide", sent(budi).number, *options, *PLACE)
    assert (code, out) == (1, "")
    assert problem in err
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("text", ["", "[]", "{", '{"id": "1"}', '{"id": "1", "id": "2"}'])
def test_a_file_that_is_no_decision_is_refused(run: Run, budi: Account, tmp_path: Path, text: str) -> None:
    (tmp_path / "decision.json").write_text(text)
    assert run("decide", sent(budi).number, "--file", str(tmp_path / "decision.json"), *PLACE)[0] == 1


def test_a_claim_is_decided_by_options(run: Run, budi: Account) -> None:
    claim = sent(budi, bill(budi), bill(budi, "50"))
    words = ("decide", claim.number, "--outcome", "partly_approved", "--line", "2=40.00:copayment", *PLACE)
    code, out, _err = run(*words, "--by", "staff:olga", "--json")
    assert (code, json.loads(out)["came_to"]) == (0, "decided")
    assert [row.granted for row in Decision.objects.get().lines.all()] == [150, 40]
    event = Event.objects.get(kind="claim.decided")
    assert (event.actor_kind, event.actor_id, event.facts["source"]) == ("staff", "olga", "command")
    assert run("decide", claim.number, "--outcome", "approved", *PLACE)[1] == f"{claim.number}: decided\n"
    assert [row.granted for row in reread(claim).last_decision.lines.all()] == [150, 50]  # type: ignore[union-attr]


def test_a_claim_is_decided_by_a_file_once(run: Run, budi: Account, tmp_path: Path) -> None:
    claim = sent(budi)
    (tmp_path / "decision.json").write_text(json.dumps(said(claim, "0", "rejected")))
    for _time in range(2):
        assert run("decide", claim.number, "--file", str(tmp_path / "decision.json"), *PLACE)[0] == 0
    assert (Decision.objects.count(), reread(claim).state) == (1, "rejected")
    (tmp_path / "decision.json").write_text(json.dumps(said(claim)))
    assert "used before" in run("decide", claim.number, "--file", str(tmp_path / "decision.json"), *PLACE)[2]


def test_lists_and_pages_show_no_names_and_no_illness(run: Run, budi: Account) -> None:
    draft(budi)
    claim, other = sent(budi), sent(budi)
    run("decide", other.number, "--outcome", "rejected", "--reason", "excluded", *PLACE)
    listed = run("list", *PLACE)[1]
    assert (listed.count("\n"), claim.number in listed, other.number in listed) == (2, True, True)
    assert run("list", *PLACE, "--state", "rejected")[1].startswith(f"{other.number}  rejected  sent ")
    assert run("list", "--market", "rs")[1] == "No claims.\n"
    shown = run("show", other.number, *PLACE)[1]
    assert "150.00 IDR  granted 0.00  excluded" in shown
    assert "submitted  member" in shown
    for text in (listed, shown, run("show", other.number, *PLACE, "--json")[1], run("list", *PLACE, "--json")[1]):
        assert not any(word in text for word in ("Budi", "Santoso", "batuk", "Melati", "GRP-88", "7890"))


def test_a_clinics_bill_is_recorded_by_a_file_once(run: Run, budi: Account, tmp_path: Path) -> None:
    file = tmp_path / "bill.json"
    file.write_text(json.dumps(a_bill(budi)))
    first, again = (run("bill", str(file), *PLACE, "--by", "staff:olga", "--json") for _time in range(2))
    claim = Claim.objects.get()
    assert first == again == (0, json.dumps({"number": claim.number, "id": "b1"}) + "\n", "")
    assert run("bill", str(file), *PLACE)[1] == f"b1: {claim.number}\n"
    event = Event.objects.get(kind="claim.billed_by_clinic")
    assert (event.actor_kind, event.actor_id) == ("staff", "olga")
    assert run("show", claim.number, *PLACE)[1].startswith(f"{claim.number}  received  sent ")


def test_a_bill_that_cannot_be_used_is_refused_with_its_reason(run: Run, budi: Account, tmp_path: Path) -> None:
    file = tmp_path / "bill.json"
    assert run("bill", str(file), *PLACE)[0] == 1
    for body, problem in (
        (a_bill(budi, provider=""), "provider: "),
        (a_bill(budi, participant_number="9"), "participant_number: Nobody on this policy has this number."),
        (a_bill(budi, provider="a\u202eb"), "characters that cannot be stored"),
    ):
        file.write_text(json.dumps(body))
        code, out, err = run("bill", str(file), *PLACE)
        assert (code, out) == (1, "")
        assert problem in err
    assert run("bill", str(file), "--market", "xx")[0] == 2
    assert Claim.objects.count() == 0
    file.write_text(json.dumps(a_bill(budi)))
    run("bill", str(file), *PLACE)
    file.write_text(json.dumps(a_bill(budi, provider="Klinik Mawar")))
    assert "used before" in run("bill", str(file), *PLACE)[2]
