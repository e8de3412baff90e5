"""Two feeds report the same entry at the same moment."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mypolis.foundation.events import SYSTEM
from mypolis.insurance.coverage.feeds.feed import FeedReport, load_feed
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.models import Balance, Entry
from tests.coverage.books import loaded
from tests.coverage.members import insured

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_new_id_of_two_members_at_once_is_taken_once_and_told_to_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(tmp_path)
    numbers = [insured(name).participant_number for name in ("Budi", "Siti")]
    both, mine = threading.Barrier(2, timeout=20), threading.local()
    insert = Entry.objects.bulk_create

    def together(entries: Any) -> Any:
        """Make both insert before either sees the other's id. A second try does not wait."""
        if not getattr(mine, "tried", False):
            mine.tried = True
            both.wait()
        return insert(entries)

    monkeypatch.setattr(Entry.objects, "bulk_create", together)
    reports: list[FeedReport] = []

    def load(number: str) -> None:
        row: dict[str, Any] = {"id": "core-1", "kind": "use", "amount": "50", "benefit": "drugs", "date": "2026-03-05"}
        path = tmp_path / f"{number}.jsonl"
        path.write_text(json.dumps(row | {"policy_number": "GRP-88", "participant_number": number}))
        reports.append(load_feed(market="id", path=path, by=SYSTEM))
        connection.close()

    threads = [threading.Thread(target=load, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((report.taken, [one.code for one in report.errors]) for report in reports) == [
        (0, ["id_reused"]),
        (1, []),
    ]
    assert Balance.objects.get().used_amount == 50
    assert verify() == 0
