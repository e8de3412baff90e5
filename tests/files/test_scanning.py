"""Files are scanned by a real clamd. Without a clear "clean" from it, no file is clean."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mypolis.foundation.files.scanning.clamd import Clamd, made_at
from mypolis.foundation.files.scanning.configured_scanner import BadScannerError, scanner
from mypolis.foundation.files.scanning.findings import findings
from mypolis.foundation.files.scanning.scanner import ScannerAwayError, Verdict
from mypolis.foundation.files.scanning.standin import EICAR, StandIn
from tests.effort import examples
from tests.files.clamd import MOST_BYTES, Gate
from tests.files.good_files import picture, zipped


def test_nobody_at_the_socket_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(ScannerAwayError):
        Clamd(str(tmp_path / "nothing")).scan([b"x"])


def test_a_line_that_breaks_is_no_verdict(gate: Gate) -> None:
    scans = gate.scanner()
    assert scans.scan([b"x"]) == Verdict("clean")
    gate.broken = True
    with pytest.raises(ScannerAwayError):
        scans.scan([b"x"])


def test_half_an_answer_is_no_verdict(gate: Gate) -> None:
    gate.unfinished = True
    with pytest.raises(ScannerAwayError):
        gate.scanner().scan([b"x"])


def test_old_definitions_are_no_verdict(gate: Gate) -> None:
    gate.made = datetime.now(UTC) - timedelta(days=7, hours=1)
    with pytest.raises(ScannerAwayError, match="freshclam"):
        gate.scanner().scan([b"x"])
    assert gate.scans == 0, "nothing was sent"


def test_definitions_without_a_date_are_no_verdict(clamd_socket: Path) -> None:
    with pytest.raises(ScannerAwayError, match="does not say"):
        Clamd(str(clamd_socket)).scan([b"x"])


def test_definitions_that_became_new_are_used_at_once(gate: Gate) -> None:
    gate.made = None
    scans = gate.scanner()
    with pytest.raises(ScannerAwayError):
        scans.scan([b"x"])
    gate.made = datetime.now(UTC)
    assert scans.scan([b"x"]) == Verdict("clean")


@pytest.mark.parametrize("size", [MOST_BYTES + 1, MOST_BYTES * 5])
def test_too_large_to_scan_is_not_clean(gate: Gate, size: int) -> None:
    assert gate.scanner().scan([bytes(size)]).result == "unscannable"


def test_too_deep_to_scan_is_not_clean(gate: Gate) -> None:
    content = b"x"
    for depth in range(30):
        content = zipped(content, f"{depth}.zip")
    assert gate.scanner().scan([content]).result == "unscannable"


def test_an_answer_that_clamd_never_gives_is_no_verdict() -> None:
    with _strange_clamd(b"stream: PERHAPS\0") as address, pytest.raises(ScannerAwayError, match="PERHAPS"):
        Clamd(address).scan([b"x"])


def test_an_endless_answer_is_no_verdict() -> None:
    with _strange_clamd(b"x" * 100_000) as address, pytest.raises(ScannerAwayError, match="incomplete"):
        Clamd(address).scan([b"x"])


class _strange_clamd:  # noqa: N801 - used like a function
    """A server on TCP that says how old its definitions are, and then something strange."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> tuple[str, int]:
        threading.Thread(target=self._serve, daemon=True).start()
        host, port = self._listener.getsockname()
        return host, port

    def __exit__(self, *_error: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        version = f"ClamAV 1.4.6/1/{datetime.now(UTC):%a %b %d %H:%M:%S %Y}".encode() + b"\0"
        for answer in (version, self._answer):
            line, _address = self._listener.accept()
            with line:
                line.recv(100)
                line.sendall(answer)


def test_the_real_clamd_finds_eicar_in_a_zip(gate: Gate) -> None:
    assert gate.scanner().scan([zipped(EICAR)]) == Verdict("infected", "Test.Eicar.UNOFFICIAL")


def test_a_good_picture_is_clean(gate: Gate) -> None:
    assert gate.scanner().scan([picture((800, 600))]) == Verdict("clean")


@given(st.lists(st.integers(0, len(EICAR)), max_size=5), st.integers(0, 200_000))
@settings(max_examples=examples(200, quick=20))
def test_eicar_is_found_however_it_is_cut_into_pieces(cuts: list[int], before: int) -> None:
    assert StandIn().scan(_cut(bytes(before) + EICAR, [before + cut for cut in cuts])).result == "infected"


def _cut(content: bytes, places: list[int]) -> Iterator[bytes]:
    ends = [0, *sorted(places), len(content)]
    for start, end in pairwise(ends):
        yield content[start:end]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_the_date_of_definitions_is_read(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert made_at(f"ClamAV 1.4.6/27500/{moment:%a %b %d %H:%M:%S %Y}") == moment


@pytest.mark.parametrize(
    "version",
    [
        "",
        "ClamAV 1.4.6",
        "ClamAV 1.4.6/27500/",
        "ClamAV/1/Mon Foo 30 08:12:33 2026",
        "ClamAV/1/Mon Feb 30 08:12:33 2026",
    ],
)
def test_a_version_without_a_date_has_none(version: str) -> None:
    assert made_at(version) is None


@pytest.fixture
def configured(settings: Any) -> Any:
    """A function that changes the settings."""

    def change(**changes: object) -> None:
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update=changes)

    return change


@pytest.mark.parametrize("url", [None, "standin://", "http://localhost", "tcp://", "unix://host/path", "tcp://h:99999"])
def test_production_refuses_to_scan_with_nothing(configured: Any, url: str | None) -> None:
    configured(mode="production", scanner_url=url)
    (told,) = findings([])
    assert told.startswith("MYPOLIS_SCANNER_URL: ")
    with pytest.raises(BadScannerError):
        scanner()


@pytest.mark.parametrize("url", ["tcp://localhost:3310", "tcp://[::1]", "unix:///run/clamav/clamd.ctl"])
def test_production_takes_a_clamd(configured: Any, url: str) -> None:
    configured(mode="production", scanner_url=url)
    assert findings([]) == []
    assert isinstance(scanner(), Clamd)


@pytest.mark.parametrize("url", [None, "standin://"])
def test_the_demo_has_a_stand_in(configured: Any, url: str | None) -> None:
    configured(mode="demo", scanner_url=url)
    assert isinstance(scanner(), StandIn)
