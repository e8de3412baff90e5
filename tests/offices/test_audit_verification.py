"""Auditors have the chain verified: in slices, once at a time, up to the first break."""

import pytest

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.hash_chain import seal, verify
from mypolis.foundation.events.models import Event
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.keys.event_kinds import KeyEvent
from mypolis.offices.audit import verifying
from mypolis.offices.audit.event_kinds import AuditEvent
from mypolis.offices.audit.jobs import verify as verify_job
from mypolis.offices.audit.limits import VERIFICATIONS
from mypolis.offices.audit.models import Verification
from mypolis.offices.audit.verifying import ask, verify_slice
from tests.events.test_seals import tamper
from tests.offices.threads import at_once

VESNA = Actor("staff", "7", "10.1.2.3", "Firefox")


@pytest.fixture
def sealed(db: None) -> list[int]:
    """Three batches of two events, each with a seal; the numbers of the events."""
    for _run in range(3):
        record(KeyEvent.KEYS_ROTATED, market="rs", by=SYSTEM)
        record(KeyEvent.KEYS_ROTATED, market="id", by=SYSTEM)
        assert seal() == 2
    return list(Event.objects.order_by("id").values_list("id", flat=True))


def verified() -> Verification:
    """A verification that went on until it ended."""
    made = ask(market="rs", by=VESNA)
    while verify_slice():
        pass
    made.refresh_from_db()
    return made


def test_a_changed_event_is_found_at_its_place(sealed: list[int]) -> None:
    tamper(f"UPDATE events_event SET actor_id = 'somebody else' WHERE id = {sealed[2]}")
    made = verified()
    assert (made.broken_from, made.broken_to, made.why) == (sealed[2], sealed[3], "changed")
    assert Event.objects.get(kind=AuditEvent.VERIFICATION_ENDED).facts == {"outcome": "changed"}


def test_a_removed_event_is_found(sealed: list[int]) -> None:
    tamper(f"DELETE FROM events_event WHERE id = {sealed[0]}")
    assert (verified().why, verified().broken_from) == ("count", sealed[0])


def test_a_missing_seal_is_found(sealed: list[int]) -> None:
    tamper(f"DELETE FROM events_seal WHERE last_event = {sealed[1]}")
    assert verified().why == "seal"


def test_a_whole_trail_ends_with_the_digest_that_the_command_prints(sealed: list[int]) -> None:
    made = verified()
    assert (made.seals, made.events, made.why) == (3, 6, "")
    assert verify().head.startswith(made.head)


def test_slices_go_on_where_the_last_one_ended(sealed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "SEALS_AT_ONCE", 1)
    tamper(f"UPDATE events_event SET market = 'ru' WHERE id = {sealed[5]}")
    ask(market="rs", by=VESNA)
    assert verify_slice()
    assert Verification.objects.get().after == sealed[1]
    assert verify_slice()
    assert not verify_slice()
    assert Verification.objects.get().broken_from == sealed[4]


def test_only_one_runs_at_a_time(sealed: list[int]) -> None:
    assert ask(market="rs", by=VESNA) == ask(market="id", by=VESNA)
    assert Event.objects.filter(kind=AuditEvent.VERIFICATION_ASKED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_auditors_who_ask_at_once_get_one_verification() -> None:
    came = at_once(lambda: ask(market="rs", by=VESNA), lambda: ask(market="id", by=VESNA))
    assert came[0] == came[1]
    assert Verification.objects.count() == 1


def test_a_job_without_anything_to_verify_does_nothing(db: None) -> None:
    verify_job()
    assert not Event.objects.exists()


def test_verifications_are_limited(db: None) -> None:
    for _one in range(VERIFICATIONS.most):
        verified()
    with pytest.raises(LimitReached):
        ask(market="rs", by=VESNA)
    assert not Verification.objects.running().exists()
