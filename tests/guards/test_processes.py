"""Limits count exactly across processes and restarts: real processes with a real database."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from mypolis.foundation.guards.flows import LimitReached, left, spend
from mypolis.foundation.guards.jobs import purge
from mypolis.foundation.guards.limits import Limit
from mypolis.foundation.guards.models import Counter, Spent

FIFTY = Limit(name="fifty", most=50, window=timedelta(hours=1))

SPENDER = """
import sys, django
django.setup()
from datetime import timedelta
from mypolis.foundation.guards.flows import LimitReached, spend
from mypolis.foundation.guards.limits import Limit
limit = Limit(name="fifty", most=50, window=timedelta(hours=1))
print("ready", flush=True)
sys.stdin.readline()
accepted = 0
for turn in range(30):
    try:
        spend(limit, "anna", market="ru")
        accepted += 1
    except LimitReached:
        pass
print(accepted)
"""

pytestmark = pytest.mark.django_db(transaction=True)


def spender() -> subprocess.Popen[str]:
    """Start a process that waits for a line and then uses the limit thirty times."""
    known = connection.get_connection_params()
    url = make_conninfo(**{key: known[key] for key in ("dbname", "user", "password", "host", "port") if known.get(key)})
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mypolis.settings"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", SPENDER], env=environment, **pipes)  # type: ignore[call-overload, no-any-return]


def accepted_by(processes: list[subprocess.Popen[str]]) -> int:
    """Start all at once, and return how many uses were accepted in total."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return sum(int(process.communicate("go\n", timeout=60)[0]) for process in processes if process.stdin)


def test_three_connections_at_once_get_fifty_in_all() -> None:
    def spend_thirty(_number: int) -> int:
        try:
            return sum(_is_accepted() for _turn in range(30))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(spend_thirty, range(3))) == 50
    assert left(FIFTY, "anna", market="ru").left == 0


def _is_accepted() -> bool:
    try:
        spend(FIFTY, "anna", market="ru")
    except LimitReached:
        return False
    return True


@pytest.mark.long
def test_three_processes_at_once_get_fifty_in_all_and_one_that_starts_later_gets_none() -> None:
    assert accepted_by([spender() for _number in range(3)]) == 50
    assert left(FIFTY, "anna", market="ru").left == 0
    assert accepted_by([spender()]) == 0


def test_what_is_over_is_swept_away_and_what_counts_stays() -> None:
    spend(FIFTY, "anna", market="ru")
    spend(FIFTY, "vera", market="ru")
    Counter.objects.filter(key=Counter.objects.order_by("key").values("key")[:1]).update(expires_at=timezone.now())
    Spent.objects.create(digest=b"1" * 32, expires_at=timezone.now())
    Spent.objects.create(digest=b"2" * 32, expires_at=timezone.now() + timedelta(minutes=1))
    purge(0)
    assert (Counter.objects.count(), Spent.objects.count()) == (1, 1)
