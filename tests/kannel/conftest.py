"""Runs Kannel on the local machine: its two processes, connected to the test's SMS centre."""

import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from tests.waiting import until

FAKE_CENTRE = Path("/usr/lib/kannel/test/fakesmsc")
USER, PASSWORD = "mypolis", "kannel-password"
START_SECONDS = 20.0

_CONF = """
group = core
admin-port = {admin}
admin-password = {password}
admin-interface = 127.0.0.1
smsbox-port = {inner}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"

{centre}

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = {user}
password = {password}
concatenation = true
max-messages = 5
"""


@dataclass(frozen=True)
class Kannel:
    """A running gateway: `url` is for the settings, `arrived` the texts that its fake centre printed."""

    url: str
    folder: Path

    def arrived(self) -> list[str]:
        """Return the decoded texts that reached Kannel's own fake centre."""
        lines = re.findall(r"Got message \d+: <(\S+) (\S+) (\S+) (.*)>$", self._printed(), re.MULTILINE)
        return [_decoded(kind, text) for _sender, _to, kind, text in lines]

    def envelopes(self) -> list[tuple[str, str]]:
        """Return sender and recipient of each text."""
        return re.findall(r"Got message \d+: <(\S+) (\S+) ", self._printed())

    def _printed(self) -> str:
        return (self.folder / "fakesmsc.log").read_text()


type Start = Callable[[str], Kannel]


@pytest.fixture
def kannel(tmp_path: Path) -> Iterator[Start]:
    """Starts Kannel with a configuration group for the centre, in which `{port}` becomes a free port."""
    missing = [name for name in ("bearerbox", "smsbox") if not shutil.which(name)]
    assert not missing, "Kannel is missing: apt-get install kannel kannel-extras, or `make gateways` as root"
    with ExitStack() as stack:

        def start(centre: str) -> Kannel:
            admin, inner, sendsms, port = _free_ports(4)
            conf = tmp_path / "kannel.conf"
            filled = centre.replace("{port}", str(port))
            conf.write_text(
                _CONF.format(admin=admin, inner=inner, sendsms=sendsms, user=USER, password=PASSWORD, centre=filled)
            )
            stack.enter_context(_running(["bearerbox", str(conf)], tmp_path / "bearerbox.log", admin))
            stack.enter_context(_running(["smsbox", str(conf)], tmp_path / "smsbox.log", sendsms))
            if "smsc = fake" in centre:
                command = [str(FAKE_CENTRE), "-H", "127.0.0.1", "-r", str(port), "-m", "0", "1 2 text nothing"]
                stack.enter_context(_running(command, tmp_path / "fakesmsc.log", None))
            return Kannel(f"kannel://{USER}:{PASSWORD}@127.0.0.1:{sendsms}", tmp_path)

        yield start


@contextmanager
def _running(command: list[str], log: Path, port: int | None) -> Iterator[None]:
    with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=output, cwd=log.parent) as process:
        try:
            if port is not None:
                _wait_for(port, process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    def is_up() -> bool:
        assert process.poll() is None, "a part of Kannel ended by itself"
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", port)) == 0

    until(is_up)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _number in range(count)]
        return [one.getsockname()[1] for one in held]


def _decoded(kind: str, text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-16-be") if kind == "ucs-2" else text
