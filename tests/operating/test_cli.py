import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.waiting import until

COMMANDS = ["demo", "serve", "worker", "migrate", "check", "roster", "roster load", "roster report"]
WRONG = ["", "dance", "demo --port 0", "demo --port many", "serve x"]
NEED_SETTINGS = ["serve", "worker", "migrate", "check"]
NOT_IN_TEST_MODE = [*NEED_SETTINGS, "roster report 1", "keys rotate"]


def environment(home: Path, **changes: str) -> dict[str, str]:
    """Return an environment without the variables of this test run."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MYPOLIS_")}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        ours.pop(name, None)
    return {**ours, "MYPOLIS_HOME": str(home), "MYPOLIS_CLAIMS_UNDO_SECONDS": "1", **changes}


def mypolis(home: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mypolis.cli", *arguments],
        env=environment(home, **changes),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass(frozen=True)
class Done:
    """The result of one command."""

    returncode: int
    stdout: str
    stderr: str


# Loading the program takes a second of processor time; a refused command takes almost none.
MANY = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from mypolis.cli import main

def ending(words):
    try:
        return main(words)
    except SystemExit as ended:
        return ended.code

found = {}
for command in json.load(sys.stdin):
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = ending(command.split())
    found[command] = {"returncode": code, "stdout": out.getvalue(), "stderr": err.getvalue()}
print(json.dumps(found))
"""


def one_after_another(home: Path, *commands: str, **changes: str) -> dict[str, Done]:
    """Run commands that only print something, together in one separate process."""
    done = subprocess.run(
        [sys.executable, "-c", MANY],
        env=environment(home, **changes),
        cwd=home,
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert list(home.iterdir()) == [], "none of them starts anything"
    return {command: Done(**ending) for command, ending in json.loads(done.stdout).items()}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def without_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """The results of commands without any settings."""
    helps = [f"{command} --help" for command in COMMANDS]
    return one_after_another(tmp_path_factory.mktemp("nothing"), *WRONG, *helps, *NEED_SETTINGS)


@pytest.fixture(scope="module")
def in_test_mode(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """The results of commands in test mode."""
    return one_after_another(tmp_path_factory.mktemp("test-mode"), *NOT_IN_TEST_MODE, MYPOLIS_MODE="test")


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_usage_is_2(without_settings: dict[str, Done], wrong: str) -> None:
    done = without_settings[wrong]
    assert done.returncode == 2
    assert "usage:" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_needs_no_settings_and_gives_an_example(without_settings: dict[str, Done], command: str) -> None:
    done = without_settings[f"{command} --help"]
    assert done.returncode == 0
    assert f"mypolis {command}" in done.stdout
    assert "Example:" in done.stdout


@pytest.mark.parametrize("command", NEED_SETTINGS)
def test_missing_settings_are_told_in_one_line_and_nothing_is_started(
    without_settings: dict[str, Done], command: str
) -> None:
    done = without_settings[command]
    assert done.returncode == 1
    assert done.stderr.startswith("mypolis: production needs MYPOLIS_SECRET_KEY")
    assert done.stderr.count("\n") == 1


def test_a_process_ends_with_its_commands_code(tmp_path: Path) -> None:
    assert mypolis(tmp_path, "dance").returncode == 2


def test_a_wrong_setting_is_told_by_its_name(tmp_path: Path) -> None:
    done = mypolis(tmp_path, "check", MYPOLIS_MODE="test", MYPOLIS_WEB_WORKERS="many")
    assert done.returncode == 1
    assert "MYPOLIS_WEB_WORKERS" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", NOT_IN_TEST_MODE)
def test_the_mode_of_the_tests_opens_the_inbox_on_no_database(in_test_mode: dict[str, Done], command: str) -> None:
    done = in_test_mode[command]
    assert done.returncode == 1
    assert done.stderr == "mypolis: MYPOLIS_MODE must be production or demo: test is for this product's own tests.\n"


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    done = mypolis(tmp_path, "migrate", MYPOLIS_MODE="demo", DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
    assert done.returncode == 1
    assert "the database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = mypolis(tmp_path, "demo", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_reset_leaves_a_folder_of_others_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    done = mypolis(tmp_path, "demo", "--reset", "--port", str(free_port()))
    assert done.returncode == 1
    assert "nothing was deleted" in done.stderr


@pytest.mark.long  # in a quick run the demo of `tests/e2e` starts and stops in the same way
@pytest.mark.e2e
def test_the_demo_starts_answers_and_stops_without_a_trace(tmp_path: Path) -> None:
    port = free_port()
    demo = subprocess.Popen(
        [sys.executable, "-m", "mypolis.cli", "demo", "--port", str(port)],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/rs/", demo)
        os.killpg(demo.pid, signal.SIGINT)  # as a terminal does: the whole group gets it
        output, _ = demo.communicate(timeout=30)
    finally:
        demo.kill()
    assert demo.returncode == 0, output
    assert processes_of(demo.pid) == []
    assert not list(tmp_path.glob("postgres/data/postmaster.pid"))


def wait_for(address: str, demo: "subprocess.Popen[str]") -> None:
    def answers() -> bool:
        assert demo.poll() is None, demo.communicate()[0]
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except URLError:
            return False

    until(answers)


def processes_of(session: int) -> list[int]:
    """Return the running processes of the session that the demo started."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (OSError, NotADirectoryError):
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(folder.name))
    return found
