"""`mypolis staff`: an operator invites the first administrator, gives and takes roles, closes accounts."""

import json

import pytest
from django.test import Client

from mypolis.foundation.events.models import Event
from mypolis.foundation.staff.commands import add_parser
from mypolis.foundation.staff.models import StaffAccount, StaffRole
from tests.commands import Run, runner
from tests.post import Post
from tests.staff.world import at_desk, colleague

OLGA = "olga@insurer.example"
INVITE = ("invite", OLGA, "--role", "administrator", "--market", "rs", "--by", "root")


@pytest.fixture
def run(db: None) -> Run:
    """Run `mypolis staff …`; gives the exit code, standard output and standard error."""
    return runner(add_parser, "staff")


def without(words: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    """The words with one replaced."""
    return tuple(new if word == old else word for word in words)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (OLGA, "olga", "no email address"),
        ("rs", "xx", "--market must be one of"),
        ("administrator", "king", "invalid choice"),
    ],
)
def test_a_wrong_invitation_is_refused_and_writes_nothing(run: Run, old: str, new: str, says: str) -> None:
    code, out, err = run(*without(INVITE, old, new))
    assert (code, out) == (2, "")
    assert says in err
    assert not StaffAccount.objects.exists()


def test_an_invitation_prints_the_link_alone_and_sends_it(run: Run, post: Post) -> None:
    code, out, err = run(*INVITE)
    assert code == 0
    assert post.to(OLGA)[0].links == [out.strip()]
    assert "24 hours" in err
    path = out.strip()[out.index("/desk/") :]
    assert Client(headers={"accept-language": "en"}).get(path).status_code == 200
    event = Event.objects.get(kind="staff.invited")
    assert (event.actor_kind, event.actor_id) == ("staff", "root")
    assert list(StaffRole.objects.values_list("market", "role")) == [("rs", "administrator")]


def test_an_invitation_as_json_has_address_and_link(run: Run) -> None:
    _code, out, err = run(*INVITE, "--json")
    told = json.loads(out)
    assert told["email"] == OLGA
    assert "/desk/i/" in told["url"]
    assert err == ""


def test_somebody_who_has_joined_is_given_a_role_instead(run: Run) -> None:
    colleague("Olga", "agent")
    code, out, err = run(*INVITE)
    assert (code, out) == (1, "")
    assert "mypolis staff role" in err
    assert run("role", OLGA, "--role", "editor", "--market", "id", "--by", "root")[0] == 0
    assert StaffRole.objects.filter(market="id", role="editor", account__email=OLGA).exists()


def test_a_role_is_given_and_taken_once(run: Run) -> None:
    colleague("Olga", "agent")
    change = ("role", OLGA, "--role", "editor", "--market", "rs", "--by", "root", "--json")
    said = [json.loads(run(*change, *more)[1])["changed"] for more in ((), (), ("--take",), ("--take",))]
    assert said == [True, False, True, False]


def test_an_address_that_nobody_has_is_named(run: Run) -> None:
    for words in (("role", OLGA, "--role", "editor"), ("close", OLGA)):
        code, out, err = run(*words, "--market", "rs", "--by", "root")
        assert (code, out) == (1, "")
        assert "nobody with this address" in err


def test_the_last_administrator_stays(run: Run) -> None:
    colleague("Olga", "administrator")
    colleague("Vesna", "assessor")
    taking = ("role", OLGA, "--role", "administrator", "--take")
    for words in (taking, ("close", OLGA)):
        code, _out, err = run(*words, "--market", "rs", "--by", "root")
        assert code == 1
        assert "only administrator" in err
    colleague("Ana", "administrator")
    assert run(*taking, "--market", "rs", "--by", "root")[0] == 0


def test_a_closed_account_is_signed_out_at_once(run: Run) -> None:
    vesna = colleague("Vesna", "assessor")
    browser = at_desk(vesna)
    assert browser.get("/desk/rs/").status_code == 200
    code, out, _err = run("close", "VESNA@insurer.example", "--market", "rs", "--by", "root", "--json")
    assert (code, json.loads(out)) == (0, {"closed": vesna.account.email})
    assert browser.get("/desk/rs/").status_code == 302


def test_the_list_shows_who_works_at_one_desk(run: Run) -> None:
    assert "Nobody works" in run("list", "--market", "rs")[1]
    colleague("Vesna", "assessor", "agent")
    colleague("Budi", "agent", market="id")
    run(*INVITE)
    rows = json.loads(run("list", "--market", "rs", "--json")[1])["staff"]
    assert [(row["email"], row["roles"], row["state"]) for row in rows] == [
        (OLGA, ["administrator"], "invited"),
        ("vesna@insurer.example", ["agent", "assessor"], "joined"),
    ]
    assert "agent, assessor" in run("list", "--market", "rs")[1]


def test_the_last_administrator_gets_a_way_back_from_the_command(run: Run, post: Post) -> None:
    ana = colleague("Ana", "administrator")
    browser = at_desk(ana)
    code, out, _err = run("reset", ana.account.email, "--by", "root")
    assert (code, out.strip()) == (0, post.to(ana.account.email)[0].links[0])
    assert browser.get("/desk/rs/").status_code == 302
    code, _out, err = run("reset", ana.account.email, "--by", "root")
    assert (code, "invite the person instead" in err) == (1, True)
    code, _out, err = run("reset", "nobody@insurer.example", "--by", "root")
    assert (code, "nobody with this address" in err) == (1, True)
