"""One part fails for some time: what people are told meanwhile, and that the portal recovers by itself."""

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.faults.clients import App
from tests.faults.ledger import differences, unsettled
from tests.faults.partners import Partners, wait_for
from tests.faults.people import Insured, everybody
from tests.faults.world import HOST, World

pytestmark = [pytest.mark.xdist_group("faults")]
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https"}


@contextmanager
def world_of(home: Path, people: list[Insured]) -> Iterator[World]:
    """Run a deployment with these people on file in the block."""
    with Partners().serving() as partners, World(home, partners).running() as world:
        world.load(people)
        yield world


def ask(world: World, path: str, *, post: bool = False) -> tuple[int, float, httpx.Response]:
    """Send a request; return the status, the seconds, and the response."""
    began = time.monotonic()
    how = {"json": {"journey": "signin"}} if post else {}
    answer = httpx.request("POST" if post else "GET", world.url + path, headers=HEADERS, timeout=60, **how)  # type: ignore[arg-type]
    return answer.status_code, time.monotonic() - began, answer


def start_many(world: World, count: int) -> list[tuple[int, float, httpx.Response]]:
    """Begin so many journeys at the same time."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _turn: ask(world, "/api/v1/ru/journeys", post=True), range(count)))


def test_a_database_that_is_away_is_told_calmly_and_found_again(tmp_path: Path) -> None:
    people = [one for one in everybody(12) if one.way == "open"]
    with world_of(tmp_path, people) as world:
        App(world, people[0]).register()
        world.kill_database()
        time.sleep(1)
        assert {status for status, _seconds, _answer in start_many(world, 8)} == {503}  # these notice the failure
        answers = start_many(world, 24)
        assert {status for status, _seconds, _answer in answers} == {503}
        assert (
            sorted(seconds for _status, seconds, _answer in answers)[12] < 3
        )  # one thread of each process waits, not all
        assert all(int(answer.headers["Retry-After"]) <= 10 for _status, _seconds, answer in answers)
        assert ask(world, "/healthz")[:1] == (200,)
        assert ask(world, "/readyz")[:1] == (503,)
        time.sleep(15)
        world.start_database()
        assert world.wait_until_ready(30) < 20
        App(world, people[1]).register()
        before = len(world.partners.sms.taken)
        began = time.monotonic()
        App(world, people[2]).register()
        assert len(world.partners.sms.taken) > before
        assert time.monotonic() - began < 10  # the worker listens for notifications again
        assert wait_for(90, lambda: not unsettled(world)), unsettled(world)
        clients = [App(world, one) for one in people]
        for client in clients:
            client.acknowledged.append("done")
        assert differences(world, clients) == []


def test_a_database_that_hangs_piles_nothing_up(tmp_path: Path) -> None:
    with world_of(tmp_path, everybody(4)) as world:
        start_many(world, 8)
        world.stop_database(going_on=False)
        waiting = threading.Thread(target=start_many, args=(world, 2))
        waiting.start()
        try:
            time.sleep(2)
            assert ask(world, "/healthz")[1] < 5
            status, seconds, _answer = ask(world, "/readyz")
            assert (status, seconds < 5) == (503, True)
        finally:
            world.stop_database(going_on=True)
        waiting.join()
        assert world.wait_until_ready(60) < 60
        assert {status for status, _seconds, _answer in start_many(world, 8)} == {201}


def test_a_table_that_somebody_holds_is_a_503_within_seconds(tmp_path: Path) -> None:
    with world_of(tmp_path, everybody(4)) as world, world.holding("journeys_journey"):
        answers = start_many(world, 4)
        assert {status for status, _seconds, _answer in answers} == {503}
        assert max(seconds for _status, seconds, _answer in answers) < 15  # requests wait 5 s for the lock


def test_a_full_disk_refuses_what_is_new_and_half_applies_nothing(tmp_path: Path) -> None:
    people = [one for one in everybody(12) if one.way == "client"]
    with small_disk(tmp_path / "postgres"), world_of(tmp_path, people) as world:
        App(world, people[0]).register()
        fill(tmp_path / "postgres")
        client = App(world, people[1])
        client.patience = 8
        with pytest.raises(TimeoutError):
            fill_by_journeys(world, client)
        (tmp_path / "postgres" / "ballast").unlink()
        if not wait_for(20, world.is_ready):
            world.start_database()  # without space for its log it stops, as its documentation says
            world.wait_until_ready()
        again = App(world, people[1])
        again.register()
        assert wait_for(90, lambda: not unsettled(world)), unsettled(world)
        first = App(world, people[0])
        first.acknowledged.append("done")
        assert differences(world, [first, again]) == []


def test_logs_that_cannot_be_written_stop_nobody(tmp_path: Path) -> None:
    with world_of(tmp_path, everybody(4)) as world:
        world.kill_web()
        world.log_to("/dev/full")
        world.start_web()
        world.wait_until_ready()
        assert {status for status, _seconds, _answer in start_many(world, 4)} == {201}


def fill_by_journeys(world: World, client: App) -> None:
    """Start journeys until the disk is full, and request the registration while it is full."""
    for _turn in range(40):
        if any(status == 503 for status, _seconds, _answer in start_many(world, 8)):
            client.register()
            return
    raise AssertionError("the disk never filled")


def fill(disk: Path, left: int = 64 * 1024) -> None:
    """Fill the disk except for so many bytes."""
    room = shutil.disk_usage(disk).free - left
    with (disk / "ballast").open("wb") as file:
        file.write(bytes(room))


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a separate disk of 200 MB. Skips the test if mounting is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200m,mode=755", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
