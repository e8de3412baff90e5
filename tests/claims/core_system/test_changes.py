"""The core system reads changed claims: in a stable order, in pages, without a gap, and with their files."""

from datetime import timedelta
from threading import Event as Signal
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.core_system import changes
from mypolis.insurance.claims.lifecycle.changing import renew
from mypolis.insurance.claims.lifecycle.following import withdraw
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.api.talk import assert_problem, told
from tests.claims.core_system.program import BASE, Core, said
from tests.claims.test_following_api import cleaned
from tests.claims.world import actor, cover, draft, paper, reread, sent


@pytest.fixture
def core(db: None) -> Core:
    return Core()


def numbers(claims: list[Any]) -> list[str]:
    return [one["number"] for one in claims]


def test_the_core_system_does_not_read_drafts(core: Core, budi: Account) -> None:
    draft(budi)
    assert core.changed() == {"claims": [], "next": "", "is_last": True}


@pytest.mark.parametrize("text", ["x", "2026-11-20", "2026-11-20T10:00:00", "1-2", "-1-" + "0" * 32, "1" * 61])
def test_a_position_that_we_did_not_give_is_refused(core: Core, text: str) -> None:
    problem = assert_problem(core.client.get(f"{BASE}?changed_after={text}", headers=bearer(core)), 422)
    assert {field for field, _code in told(problem)} == {"changed_after"}


def bearer(core: Core) -> dict[str, str]:
    return {"authorization": f"Bearer {core.text}"}


def test_a_claim_has_what_a_core_system_needs_and_no_more(core: Core, budi: Account) -> None:
    claim = sent(budi)
    (read,) = core.changed()["claims"]
    assert read["for_whom"] == {
        "membership": str(cover(budi).pk),
        "policy_type": "group",
        "policy_number": "GRP-88",
        "participant_number": "000123",
        "employee_number": "",
        "name": "Budi Santoso",
        "birth_date": "1990-05-17",
    }
    assert (read["number"], read["state"], read["version"]) == (claim.number, "received", reread(claim).version)
    assert (read["lines"][0]["amount"], read["lines"][0]["granted"]) == ("150.00", None)
    assert read["pay_to"] == {
        "kind": "id",
        "bank": "014",
        "number": "1234567890",
        "holder": "Budi Santoso",
        "is_new": True,
    }
    assert [one["kind"] for one in read["files"]] == ["receipt"]
    assert "national_id" not in str(read)


def test_pages_follow_each_other_and_a_changed_claim_comes_again(core: Core, budi: Account, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes, "PAGE", 2)
    made = [sent(budi) for _number in range(5)]
    found, place = core.everything()
    assert sorted(numbers(found)) == sorted(claim.number for claim in made)
    assert core.everything(place) == ([], place)


def test_the_first_call_may_name_a_time(core: Core, budi: Account) -> None:
    old, new = sent(budi), sent(budi)
    Claim.objects.filter(pk=old.pk).update(touched_at=timezone.now() - timedelta(days=3))
    page = core.changed((timezone.now() - timedelta(days=1)).isoformat())
    assert numbers(page["claims"]) == [new.number]


def test_a_page_needs_as_many_queries_for_many_as_for_few(core: Core, budi: Account) -> None:
    counts = []
    for number in (1, 4):
        for _time in range(number):
            claim = sent(budi)
            core.decide(claim, said(claim))
        with CaptureQueriesContext(connection) as queries:
            core.changed()
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_is_written_while_others_are_read_is_not_missed(
    transactional_db: None, core: Core, budi: Account
) -> None:
    first, second = sent(budi), sent(budi)
    _found, place = core.everything()
    written, go_on = Signal(), Signal()

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                renew(Claim.objects.select_for_update().get(pk=first.pk))
                written.set()
                assert go_on.wait(30)
        finally:
            connection.close()

    writer = Thread(target=write_slowly)
    writer.start()
    assert written.wait(30)
    withdraw(account=budi, claim=second.pk, by=actor(budi))
    early, place = core.everything(place)
    go_on.set()
    writer.join()
    late, place = core.everything(place)
    read = {one["number"]: one["version"] for one in early + late}
    assert read == {claim.number: reread(claim).version for claim in (first, second)}
    assert core.everything(place)[0] == []


@pytest.mark.django_db(transaction=True)
def test_what_came_with_a_copy_from_another_database_is_read_too(
    transactional_db: None, core: Core, budi: Account
) -> None:
    claim = sent(budi)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_claim SET changed_in = 900000000000000")
    found, place = core.everything()
    assert numbers(found) == [claim.number]
    assert numbers(core.changed(place)["claims"]) == [claim.number], "a position that lies ahead starts again"


# Files


def test_a_clean_file_is_fetched_and_it_is_recorded_who_did(core: Core, budi: Account) -> None:
    claim = sent(budi)
    received = cleaned(claim)
    answer = core.get(f"{BASE}/{claim.number}/files/{received.pk}")
    assert (answer.status_code, b"".join(answer)) == (200, b"\xff\xd8\xff clean")
    event = Event.objects.get(kind="file.opened")
    assert (event.actor_kind, event.actor_id) == ("partner", str(core.token.pk))


def test_what_is_not_clean_or_not_of_the_claim_is_not_fetched(core: Core, budi: Account) -> None:
    claim, other = sent(budi), sent(budi)
    for state in ("checking", "refused"):
        received = paper(claim, "report", content=state.encode(), state=state)
        assert assert_problem(core.get(f"{BASE}/{claim.number}/files/{received.pk}"), 409)["state"] == state
    foreign = cleaned(other)
    for key in (foreign.pk, uuid4(), "x"):
        assert_problem(core.get(f"{BASE}/{claim.number}/files/{key}"), 404)
