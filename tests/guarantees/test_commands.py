"""`mypolis guarantees`: an operator lists requests, decides about them, and takes letters back."""

import json
from datetime import timedelta

import pytest

from mypolis.insurance.guarantees.commands import add_parser
from mypolis.membership.accounts.models import Account
from tests.commands import Run, runner
from tests.guarantees.world import asked, given, reread, reserved_of

BY = ("--market", "id", "--by", "staff:olga")


@pytest.fixture
def run(db: None) -> Run:
    """Run `mypolis guarantees …`; gives the exit code, standard output and standard error."""
    return runner(add_parser, "guarantees")


def test_an_unknown_market_number_and_state_are_refused(run: Run, budi: Account) -> None:
    found = asked(budi)
    assert run("list", "--market", "xx")[0] == 2
    for market, number in (("id", "G-1"), ("rs", found.number)):
        words = ("decide", number, "--market", market, "--outcome", "given", "--by", "olga")
        assert run(*words) == (1, "", "mypolis: this market has no such guarantee\n")


@pytest.mark.parametrize(
    "words",
    [
        ("--outcome", "given", "--expected", "NaN"),
        ("--outcome", "given", "--expected", "-1"),
        ("--outcome", "given", "--expected", "0.001"),
        ("--outcome", "given", "--expected", "1e13"),
        ("--outcome", "extended", "--until", "tomorrow"),
        ("--outcome", "refused", "--reason", "cancelled"),
        ("--outcome", "refused", "--reason", "other", "--words", "a\x00b"),
        ("--outcome", "used"),
    ],
)
def test_what_cannot_be_read_ends_with_the_usage(run: Run, budi: Account, words: tuple[str, ...]) -> None:
    found = asked(budi)
    assert run("decide", found.number, *words, *BY)[0] == 2
    assert reread(found).state == "asked"


def test_what_the_rules_refuse_is_said_in_words(run: Run, budi: Account) -> None:
    found, birth = asked(budi), asked(budi, "500", "birth")
    decide = ("decide", found.number, *BY, "--outcome")
    assert run(*decide, "extended")[2] == "mypolis: the guarantee is asked, which does not allow this\n"
    assert run(*decide, "refused")[0] == 2
    assert run(*decide, "refused", "--reason", "other")[2] == "mypolis: the reason “other” needs --words\n"
    assert run(*decide, "given", "--valid-until", "2001-01-01")[2].startswith("mypolis: valid_until: ")
    nothing = run("decide", birth.number, "--outcome", "given", *BY)
    assert nothing == (1, "", "mypolis: the plan would pay nothing: waiting_period\n")
    assert run("revoke", found.number, "--reason", "cancelled", *BY)[0] == 1


def test_a_request_is_listed_given_extended_and_revoked(run: Run, budi: Account) -> None:
    found = asked(budi)
    code, out, _err = run("list", "--market", "id", "--json")
    assert (code, [one["number"] for one in json.loads(out)["guarantees"]]) == (0, [found.number])
    assert "Budi" not in out
    run("decide", found.number, "--outcome", "given", "--expected", "300", "--conditions", "A room for two.", *BY)
    assert (reread(found).state, reread(found).conditions, reserved_of(budi)) == ("given", "A room for two.", 300)
    assert run("list", "--market", "id") == (0, "No guarantees.\n", "")
    later = (found.planned_to + timedelta(days=2)).isoformat()
    _code, out, _err = run(
        "decide", found.number, "--outcome", "extended", "--expected", "400", "--until", later, "--json", *BY
    )
    assert (json.loads(out)["state"], json.loads(out)["promised"]) == ("extended", "400.00")
    assert run("revoke", found.number, "--reason", "cancelled", "--words", "Ask Dr Sari.", *BY)[0] == 0
    change = found.changes.latest("pk")
    assert (change.code, change.reason, change.by_id, reserved_of(budi)) == ("cancelled", "Ask Dr Sari.", "olga", 0)


def test_a_request_is_refused_with_a_reason(run: Run, budi: Account) -> None:
    found = asked(budi)
    assert run("decide", found.number, "--outcome", "refused", "--reason", "no_referral", *BY)[0] == 0
    assert reread(found).state == "refused"


def test_a_letter_that_holds_is_listed_by_its_state(run: Run, budi: Account) -> None:
    found = given(budi)
    assert found.number in run("list", "--market", "id", "--state", "given")[1]
