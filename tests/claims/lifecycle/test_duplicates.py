"""A claim that was sent twice is closed: nothing stays reserved, and the member reads which claim goes on."""

from typing import Any

import pytest

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.notices.models import Message
from mypolis.insurance.claims.lifecycle.duplicates import NotTheSame, close_as_duplicate
from mypolis.insurance.claims.lifecycle.following import withdraw
from mypolis.insurance.claims.lifecycle.states import NotAllowed
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.models import Balance
from mypolis.membership.accounts.models import Account
from tests.api.talk import assert_problem
from tests.claims.app import App
from tests.claims.core_system.program import BASE, Core
from tests.claims.test_commands import PLACE, Run, run
from tests.claims.verdicts import decided
from tests.claims.world import actor, bill, draft, reread, sent

__all__ = ["run"]
DESK = Actor("staff", "olga")


def reserved() -> int:
    return sum(int(row.reserved_amount) for row in Balance.objects.all())


def test_a_duplicate_releases_what_it_reserved_and_names_the_claim_that_goes_on(budi: Account) -> None:
    first, second = sent(budi), sent(budi, content=b"again")
    held = reserved()
    for _time in range(2):
        close_as_duplicate(claim=second, of=first, by=DESK)
    second = reread(second)
    assert (second.state, second.related, second.promised_by) == ("duplicate", first, None)
    assert (reserved(), verify()) == (held // 2, 0)
    change = second.changes.get(after="duplicate")
    assert change.sentence("en") == (
        f"We have this claim already under another number. That is claim {first.number}. Nothing is lost."
    )
    assert App(budi).claim(second)["can"] == []
    assert (
        Event.objects.filter(kind="claim.changed", subject=f"claims.claim:{second.pk}").latest("pk").actor_id == "olga"
    )


def test_the_member_is_told(budi: Account) -> None:
    budi.contact_points.create(
        market="id",
        kind="mobile",
        value="+628123456789",
        key="+628123456789",
        exclusive=False,
        confirmed_at=budi.created_at,
    )
    first, second = sent(budi), sent(budi, content=b"again")
    close_as_duplicate(claim=second, of=first, by=DESK)
    assert Message.objects.filter(template="claim-news").exists()


def test_a_claim_that_was_decided_is_no_duplicate(budi: Account) -> None:
    first, second = sent(budi, content=b"one"), decided(budi)
    with pytest.raises(NotAllowed):
        close_as_duplicate(claim=second, of=first, by=DESK)
    assert reread(second).related is None


def test_the_other_claim_must_go_on_and_be_about_the_same_person(budi: Account, siti: Account) -> None:
    claim, theirs, ended, begun = sent(budi), sent(siti), sent(budi, content=b"b"), draft(budi)
    withdraw(account=budi, claim=ended.pk, by=actor(budi))
    for other in (claim, theirs, ended, begun):
        with pytest.raises(NotTheSame):
            close_as_duplicate(claim=claim, of=other, by=DESK)
    twice = sent(budi, bill(budi, "10"), content=b"c")
    close_as_duplicate(claim=twice, of=claim, by=DESK)
    with pytest.raises(NotTheSame):
        close_as_duplicate(claim=claim, of=twice, by=DESK)
    assert reread(claim).state == "received"


def test_the_core_system_closes_a_duplicate(budi: Account, siti: Account) -> None:
    core, first, second, theirs = Core(), sent(budi), sent(budi, content=b"again"), sent(siti)

    def close(claim: Claim, of: str) -> Any:
        return core.post(f"{BASE}/{claim.number}/duplicate", {"of": of})

    said = [close(second, first.number) for _time in range(2)]
    assert [one.json() for one in said] == [{"number": second.number, "of": first.number, "state": "duplicate"}] * 2
    for of in ("C-2026-999999", theirs.number, second.number):
        assert_problem(close(first, of), 422)
    assert_problem(close(decided(budi), first.number), 409)


def test_an_operator_closes_a_duplicate(run: Run, budi: Account) -> None:
    first, second = sent(budi), sent(budi, content=b"again")
    words = ("duplicate", second.number, *PLACE, "--of")
    assert run(*words, second.number, "--by", "staff:olga")[0] == 1
    code, out, _err = run(*words, first.number, "--by", "staff:olga")
    assert (code, out) == (0, f"{second.number}: closed as a duplicate of {first.number}\n")
    assert run("duplicate", decided(budi).number, *PLACE, "--of", first.number, "--by", "staff:olga")[0] == 1
