"""What was sealed cannot be changed, removed or slipped in unseen."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mypolis.cli import main
from mypolis.events import SYSTEM
from mypolis.events.flows import record
from mypolis.events.kinds import Kind
from mypolis.events.models import Event, Seal
from mypolis.events.seals import seal, verify


@pytest.fixture
def sealed(db: None) -> None:
    """Two runs of events, each under a seal."""
    for _run in range(2):
        for number in range(3):
            record(Kind.KEYS_ROTATED, market="rs", by=SYSTEM, number=number)
        with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
            assert seal() == 3


def tamper(statement: str) -> None:
    """As somebody who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_an_untouched_trail_has_no_break(sealed: None) -> None:
    verdict = verify()
    assert (verdict.seals, verdict.events, verdict.breaks) == (2, 6, ())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET actor_id = 'somebody else' WHERE id = (SELECT min(id) FROM events_event)",
        "UPDATE events_event SET facts = '{\"number\": 9}' WHERE id = (SELECT max(id) FROM events_event)",
        "DELETE FROM events_event WHERE id = (SELECT min(id) FROM events_event)",
        "DELETE FROM events_seal WHERE id = (SELECT min(id) FROM events_seal)",
        "UPDATE events_seal SET previous = digest WHERE id = (SELECT max(id) FROM events_seal)",
    ],
)
def test_whatever_is_done_to_it_is_found(sealed: None, statement: str) -> None:
    tamper(statement)
    assert verify().breaks


def test_events_that_may_still_be_overtaken_are_not_sealed_yet(db: None) -> None:
    record(Kind.KEYS_ROTATED, market="rs", by=SYSTEM)
    assert seal() == 0
    assert Seal.objects.count() == 0


def test_sealing_again_finds_nothing_new(sealed: None) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert seal() == 0
    assert Event.objects.count() == 6


def test_the_command_has_help_and_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["events", "verify", "--help"])
    assert end.value.code == 0
    assert "Example: mypolis events verify" in capsys.readouterr().out
