"""`mypolis partners`: an operator creates, lists and ends tokens of other programs."""

import json
from typing import Any

import pytest
from django.test import Client

from mypolis.doors.integrations.commands import add_parser
from mypolis.doors.integrations.models import PartnerToken
from mypolis.foundation.events.models import Event
from tests.commands import Run, runner

ISSUE = ("token", "core", "--may", "plan-books", "--market", "id", "--by", "olga")


@pytest.fixture
def run(db: None) -> Run:
    """Run `mypolis partners …`; gives the exit code, standard output and standard error."""
    return runner(add_parser, "partners")


def is_in(text: str) -> bool:
    answer = Client().get("/api/v1/id/partner", headers={"authorization": f"Bearer {text}"})
    return answer.status_code == 200


def test_a_token_is_printed_alone_and_opens_the_door(run: Run) -> None:
    code, out, err = run(*ISSUE)
    assert (code, is_in(out.strip())) == (0, True)
    assert "not shown again" in err
    assert out.strip() not in err
    event = Event.objects.get(kind="partner.token_issued")
    token = PartnerToken.objects.get()
    assert (event.actor_kind, event.actor_id) == ("staff", "olga")
    assert event.subject == f"integrations.partnertoken:{token.pk}"
    assert (token.ends_at - token.issued_at).days == 365


def test_a_program_reads_all_of_it_as_json(run: Run) -> None:
    made: dict[str, Any] = json.loads(run(*ISSUE, "--may", "cover-entries", "--days", "7", "--json")[1])
    assert (made["partner"], made["may"], made["state"]) == ("core", ["cover-entries", "plan-books"], "active")
    assert is_in(made["token"])
    (listed,) = json.loads(run("list", "--market", "id", "--json")[1])["tokens"]
    assert listed == {name: listed[name] for name in made if name != "token"}
    assert listed["last_used_at"] is not None
    assert json.loads(run("list", "--market", "ru", "--json")[1]) == {"tokens": []}


def test_a_token_is_ended_at_once_and_once(run: Run) -> None:
    text = run(*ISSUE)[1].strip()
    key = str(PartnerToken.objects.get().pk)
    assert run("end", key, "--market", "ru")[0] == 1
    assert is_in(text)
    assert run("end", key, "--market", "id", "--by", "olga", "--json")[:2] == (0, '{"ended": true}\n')
    assert not is_in(text)
    code, _out, err = run("end", key, "--market", "id")
    assert (code, err) == (1, "mypolis: this market has no such active token\n")
    assert "ended" in run("list", "--market", "id")[1]
    assert Event.objects.filter(kind="partner.token_ended", actor_id="olga").count() == 1


def test_a_list_of_nobody_says_so(run: Run) -> None:
    assert run("list", "--market", "id") == (0, "No partner has a token.\n", "")


@pytest.mark.parametrize(
    "words",
    [
        ("token", "core", "--market", "id"),
        ("token", "Core System", "--may", "plan-books", "--market", "id"),
        ("token", "core", "--may", "plan-books", "--market", "id", "--days", "0"),
        ("token", "core", "--may", "plan-books", "--market", "id", "--days", "4000"),
        ("end", "x", "--market", "id"),
    ],
)
def test_wrong_words_are_a_mistake_of_use(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words)[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("token", "core", "--may", "everything", "--market", "id"),
        ("token", "core", "--may", "plan-books", "--market", "xx"),
        ("list", "--market", "xx"),
        ("end", "1", "--market", "xx"),
    ],
)
def test_an_unknown_right_or_market_is_a_mistake_of_use(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "must be one of" in err
    assert not PartnerToken.objects.exists()
