"""Lists of claims as files: written by a job with small memory, fetched once by each person, gone after a day."""

import csv
import tracemalloc
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.guards.flows import LimitReached
from mypolis.foundation.lib.tables.safe_csv import BYTE_ORDER_MARK
from mypolis.insurance.claims.models import Claim
from mypolis.membership.people.models import Membership
from mypolis.offices.reports.claim_lists import writing
from mypolis.offices.reports.claim_lists.flows import NotFetched, ask_for_list, fetch_list, forget_old_lists
from mypolis.offices.reports.claim_lists.writing import mask, write_list
from mypolis.offices.reports.event_kinds import ReportEvent
from mypolis.offices.reports.jobs import forget_claim_lists, write_claim_list
from mypolis.offices.reports.limits import REPORT_FILES
from mypolis.offices.reports.models import ClaimList
from tests.files.conftest import folder
from tests.offices.report_world import at, claim, cover, day, month
from tests.offices.threads import at_once
from tests.staff.world import at_desk, colleague

__all__ = ["folder"]
OLGA, PETAR = Actor("staff", "7", "10.1.2.3", "Firefox"), Actor("staff", "8", "10.1.2.4", "Firefox")


@pytest.fixture
def ready(db: None, folder: Path) -> ClaimList:
    """A list of a month with two claims; a third was sent in the month before."""
    claim(cover(1), sent=month().first - timedelta(days=1))
    for number in (2, 3):
        claim(cover(number), benefit="maternity", number=f"ID-{number}")
    return written()


def written() -> ClaimList:
    made = ask_for_list(span=month(), by=OLGA)
    write_claim_list(made.pk)
    made.refresh_from_db()
    return made


def rows_of(made: ClaimList, by: Actor = OLGA) -> list[dict[str, str]]:
    content = b"".join(fetch_list(market="id", key=made.pk, by=by).pieces).decode()
    return list(csv.DictReader(StringIO(content.removeprefix(BYTE_ORDER_MARK))))


def test_a_list_that_is_not_written_cannot_be_fetched(db: None) -> None:
    made = ask_for_list(span=month(), by=OLGA)
    with pytest.raises(NotFetched):
        fetch_list(market="id", key=made.pk, by=OLGA)


def test_a_list_of_another_market_is_not_found(ready: ClaimList) -> None:
    with pytest.raises(NotFetched):
        fetch_list(market="rs", key=ready.pk, by=OLGA)


def test_each_person_fetches_it_once(ready: ClaimList) -> None:
    assert len(rows_of(ready)) == 2
    with pytest.raises(NotFetched):
        fetch_list(market="id", key=ready.pk, by=OLGA)
    assert len(rows_of(ready, PETAR)) == 2
    assert Event.objects.filter(kind=ReportEvent.CLAIM_LIST_FETCHED).count() == 2


def test_an_expired_list_cannot_be_fetched_and_is_deleted_with_its_file(ready: ClaimList) -> None:
    later = timezone.now() + timedelta(days=1, minutes=1)
    ClaimList.objects.update(expires_at=timezone.now())
    with pytest.raises(NotFetched):
        fetch_list(market="id", key=ready.pk, by=OLGA)
    assert forget_old_lists(later) == 1
    assert not StoredFile.objects.filter(kind="claim_list").exists()
    forget_claim_lists(0)
    assert Event.objects.filter(kind=ReportEvent.CLAIM_LIST_FORGOTTEN).count() == 1


def test_a_list_names_nobody_and_no_treatment(ready: ClaimList) -> None:
    rows = rows_of(ready)
    assert [row["number"] for row in rows] == ["ID-2", "ID-3"]
    assert [row["participant"] for row in rows] == ["•••002", "•••003"]
    assert "maternity" not in str(rows)
    assert "Budi" not in str(rows)
    assert rows[0]["sent"] == day(3).isoformat()


@pytest.mark.parametrize(("number", "shown"), [("", ""), ("7", "•"), ("1234", "••34"), ("GRP-88001", "••••••001")])
def test_a_masked_number_shows_at_most_half(number: str, shown: str) -> None:
    assert mask(number) == shown


def test_too_many_claims_make_no_file(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 1)
    claim(cover(1)), claim(cover(2))
    assert written().too_many
    assert not StoredFile.objects.exists()


def test_writing_again_changes_nothing(ready: ClaimList) -> None:
    write_list(ready.pk)
    write_list(987_654)
    assert StoredFile.objects.count() == 1


def test_lists_are_limited(db: None) -> None:
    for _one in range(REPORT_FILES.most):
        ask_for_list(span=month(), by=OLGA)
    with pytest.raises(LimitReached):
        ask_for_list(span=month(), by=OLGA)


def many_claims(held: Membership, count: int) -> None:
    """Claims of one person, written at once."""
    moment = at(day(3))
    Claim.objects.bulk_create(
        Claim(market="id", membership=held, number=f"ID-{number:08}", state="received", sent_at=moment)
        for number in range(count)
    )


def test_a_long_list_is_written_some_rows_at_a_time(
    db: None, folder: Path, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(writing, "_AT_ONCE", 100)
    peaks, held = [], cover()
    for count in (500, 5_000):
        Claim.objects.all().delete()
        many_claims(held, count)
        made = ask_for_list(span=month(), by=OLGA)
        tracemalloc.start()
        with django_assert_max_num_queries(count // 100 + 20):
            write_list(made.pk)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        made.refresh_from_db()
        assert made.rows == count
    assert peaks[1] < 2 * peaks[0] + 1_000_000, "memory grows with the number of claims"


@pytest.mark.django_db(transaction=True)
def test_two_browsers_of_one_person_get_one_file(folder: Path) -> None:
    claim(cover(1))
    made = written()
    came = at_once(*[lambda: fetch_list(market="id", key=made.pk, by=OLGA)] * 2, but=NotFetched)
    assert sum(isinstance(one, NotFetched) for one in came) == 1


@pytest.fixture
def desk(db: None) -> Client:
    """Olga's browser; she is an operator."""
    return at_desk(colleague("Olga", "operator", market="id"))


def test_a_list_is_asked_for_and_fetched_at_the_desk(desk: Client, folder: Path) -> None:
    claim(cover(1))
    base = "/desk/id/reports/claims/"
    assert "Nobody has asked" in desk.get(base).content.decode()
    assert desk.post(base, {"month": f"{month().first:%Y-%m}"}).status_code == 302
    made = ClaimList.objects.get()
    assert "being written" in desk.get(base).content.decode()
    assert desk.post(f"{base}{made.pk}/file/").status_code == 422
    write_list(made.pk)
    file: Any = desk.post(f"{base}{made.pk}/file/")
    assert file["Cache-Control"] == "no-store"
    assert len(b"".join(file.streaming_content)) == int(file["Content-Length"])
    assert desk.post(f"{base}{made.pk}/file/").status_code == 422
    assert "You fetched it." in desk.get(base).content.decode()
