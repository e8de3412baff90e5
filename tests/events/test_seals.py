"""Changes, deletions and insertions among sealed events are detected."""

import argparse
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mypolis.cli import main
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.commands import add_parser
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.hash_chain import seal, verify
from mypolis.foundation.events.models import Event
from mypolis.foundation.keys.event_kinds import KeyEvent


@pytest.fixture
def sealed(db: None) -> None:
    """Two batches of events, each with a seal."""
    for _run in range(2):
        for number in range(3):
            record(KeyEvent.KEYS_ROTATED, market="rs", by=SYSTEM, number=number)
        assert seal() == 3


def tamper(statement: str) -> None:
    """Run a statement as the owner of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_an_untouched_trail_has_no_break(sealed: None) -> None:
    verdict = verify()
    assert (verdict.seals, verdict.events, verdict.breaks) == (2, 6, ())


FIRST, LAST = "(SELECT min(id) FROM events_event)", "(SELECT max(id) FROM events_event)"
TAMPERING = {
    "another actor": f"UPDATE events_event SET actor_id = 'somebody else' WHERE id = {FIRST}",
    "another time": f"UPDATE events_event SET at = at - interval '1 day' WHERE id = {LAST}",
    "other facts": f"UPDATE events_event SET facts = '{{\"number\": 9}}' WHERE id = {LAST}",
    "another address": f"UPDATE events_event SET address = '198.51.100.1' WHERE id = {LAST}",
    "the first removed": f"DELETE FROM events_event WHERE id = {FIRST}",
    "one in between removed": f"DELETE FROM events_event WHERE id = {FIRST} + 1",
    "the last removed": f"DELETE FROM events_event WHERE id = {LAST}",
    "all removed": "DELETE FROM events_event",
    "one slipped in before all": f"""
        INSERT INTO events_event (id, at, market, kind, actor_kind, actor_id, subject, client, facts)
        SELECT id - 1, at, market, kind, actor_kind, actor_id, subject, client, facts
        FROM events_event WHERE id = {FIRST}""",
    "one removed and one slipped in": f"""
        DELETE FROM events_event WHERE id = {FIRST} + 2;
        INSERT INTO events_event (id, at, market, kind, actor_kind, actor_id, subject, client, facts)
        SELECT id - 1, at, market, kind, actor_kind, actor_id, subject, client, facts
        FROM events_event WHERE id = {FIRST}""",
    "two in each other's place": f"""
        UPDATE events_event SET id = -1 WHERE id = {FIRST};
        UPDATE events_event SET id = id - 1 WHERE id = (SELECT min(id) FROM events_event WHERE id > 0);
        UPDATE events_event SET id = (SELECT min(id) + 1 FROM events_event WHERE id > 0) WHERE id = -1""",
    "a seal removed": "DELETE FROM events_seal WHERE id = (SELECT min(id) FROM events_seal)",
    "a seal's link": "UPDATE events_seal SET previous = digest WHERE id = (SELECT max(id) FROM events_seal)",
    "a seal's digest": "UPDATE events_seal SET digest = previous WHERE id = (SELECT min(id) FROM events_seal)",
    "a seal's reach": "UPDATE events_seal SET last_event = last_event - 1, count = count - 1",
}
CUT_OFF = f"""
    DELETE FROM events_event WHERE id >= {LAST} - 2;
    DELETE FROM events_seal WHERE id = (SELECT max(id) FROM events_seal)
"""


@pytest.mark.parametrize("what", TAMPERING)
def test_whatever_is_done_to_it_is_found(sealed: None, what: str) -> None:
    tamper(TAMPERING[what])
    assert verify().breaks


def test_a_trail_cut_off_behind_a_seal_is_found_by_a_digest_from_the_log(sealed: None) -> None:
    head = verify().head
    assert verify(head=head[:16]).breaks == ()
    tamper(CUT_OFF)
    assert verify().breaks == (), "what is left is whole in itself"
    assert verify(head=head[:16]).breaks == (
        f"no seal has the digest {head[:16]}: the trail was cut off, or sealed anew",
    )


def test_a_trail_sealed_anew_after_a_change_is_found_by_a_digest_from_the_log(sealed: None) -> None:
    head = verify().head
    tamper(f"UPDATE events_event SET actor_id = 'somebody else' WHERE id = {FIRST}; DELETE FROM events_seal")
    assert seal() == 6
    assert verify().breaks == ()
    assert verify(head=head[:16]).breaks


@pytest.mark.parametrize(("head", "code"), [("", 0), ("f" * 16, 1)])
def test_the_command_says_so_and_ends_with_a_code(
    sealed: None, capsys: pytest.CaptureFixture[str], head: str, code: int
) -> None:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["events", "verify", *(["--head", head] if head else [])])
    assert arguments.run(arguments) == code
    told = capsys.readouterr()
    assert "6 events under 2 seals; newest digest" in told.out
    assert ("cut off" in told.err) == bool(head)


@pytest.mark.parametrize("head", ["f" * 15, "g" * 16, "f" * 65])
def test_what_is_no_digest_is_refused(head: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(["events", "verify", "--head", head])
    assert end.value.code == 2


@pytest.mark.parametrize("wrong", [timedelta(minutes=25), timedelta(minutes=-25), timedelta(days=400)])
def test_a_clock_that_is_set_forwards_and_back_breaks_nothing(db: None, wrong: timedelta) -> None:
    noon = timezone.now()
    for shown in (noon, noon + wrong, noon + timedelta(minutes=1)):
        with time_machine.travel(shown, tick=False):
            record(KeyEvent.KEYS_ROTATED, market="rs", by=SYSTEM)
    for later in (12, 20, 40, 60):
        with time_machine.travel(noon + timedelta(minutes=later), tick=False):
            seal()
            assert verify().breaks == ()
    assert verify().events == 3


def test_sealing_again_finds_nothing_new(sealed: None) -> None:
    assert seal() == 0
    assert Event.objects.count() == 6


def test_the_command_has_help_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["events", "verify", "--help"])
    assert end.value.code == 0
    assert "Example: mypolis events verify --head" in capsys.readouterr().out
