"""`mypolis …`: one command for every process and every task of an operator.

Exit codes: 0 done, 1 an error was printed to standard error, 2 wrong usage.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from mypolis.demo import database_mark
from mypolis.demo.demo_folder import DemoError, adopt
from mypolis.demo.run import run_demo
from mypolis.foundation.lib.crypto.keyring import KeyRingError
from mypolis.foundation.lib.postgres.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from mypolis.foundation.rooms import Needs
from mypolis.installed import room_classes
from mypolis.processes import die_with_parent, serve, share_metrics

if TYPE_CHECKING:
    type Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_ERRORS_WITHOUT_TRACEBACK = (ImproperlyConfigured, DemoError, EmbeddedPostgresError, KeyRingError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    die_with_parent()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        chosen = _parser(requested=words[0] if words else "").parse_args(words)
        with _prepared_for(chosen.needs):
            return int(chosen.run(chosen))
    except _ERRORS_WITHOUT_TRACEBACK as error:
        print(f"mypolis: {str(error).strip()}", file=sys.stderr)
    except (psycopg.OperationalError, OperationalError) as error:
        print(f"mypolis: the database does not answer: {str(error).strip().splitlines()[0]}", file=sys.stderr)
    except KeyboardInterrupt:
        print("mypolis: interrupted", file=sys.stderr)
    return 1


def _parser(requested: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mypolis", description="The portal through which insured people use their insurance."
    )
    parser.set_defaults(needs="tables")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = _add(commands, "demo", _demo, "run everything on this machine, with invented people", "--port 8001")
    demo.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    demo.add_argument("--port", type=_port, default=8000, help="port to listen on (%(default)s)")
    demo.add_argument("--reset", action="store_true", help="delete the demo's data first")
    demo.set_defaults(needs="nothing")

    serve = _add(commands, "serve", _serve, "serve the portal", "--host 0.0.0.0 --port 8000")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=_port, default=8000, help="port to listen on (%(default)s)")

    worker = _add(commands, "worker", _worker, "deliver messages and run background jobs", "--concurrency 8")
    worker.add_argument("--concurrency", type=int, default=4, metavar="N", help="jobs at the same time (%(default)s)")

    migrate = _add(commands, "migrate", _migrate, "update the database's tables", "")
    migrate.set_defaults(needs="database")
    check = _add(commands, "check", _check, "find mistakes in settings, profiles, brands and templates", "")
    check.set_defaults(needs="settings")
    _add_commands_of_rooms(commands, requested)
    return parser


def _add_commands_of_rooms(commands: "Subparsers", requested: str) -> None:
    """Add the rooms' commands by name. Only the module of the requested command is imported."""
    declared = [(command.name, room.name, command) for room in room_classes() for command in room.commands]
    for name, room, command in sorted(declared, key=lambda found: found[0]):
        if name in (commands.choices or ()):
            raise ImproperlyConfigured(f"{room}: there is already a command {name}")
        if requested == name:
            importlib.import_module(f"{room}.{command.module}").add_parser(commands)
        else:
            commands.add_parser(name, help=command.does)


def _add(
    commands: "Subparsers", name: str, run: Callable[[argparse.Namespace], int], does: str, example: str
) -> argparse.ArgumentParser:
    epilog = f"Example: mypolis {name} {example}".rstrip()
    parser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", epilog=epilog)
    parser.set_defaults(run=run)
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _demo(arguments: argparse.Namespace) -> int:
    return run_demo(host=arguments.host, port=arguments.port, reset=arguments.reset)


def _serve(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.web.assets import static_files  # noqa: PLC0415 - needs Django set up

    if problems := _problems():
        raise ImproperlyConfigured("\n".join(problems))
    static_files.collect()
    serve(arguments.host, arguments.port)
    return 0


def _worker(arguments: argparse.Namespace) -> int:
    from mypolis.foundation.notices.queue import run_worker  # noqa: PLC0415 - needs Django set up

    run_worker(arguments.concurrency)
    return 0


def _migrate(_arguments: argparse.Namespace) -> int:
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    call_command("migrate", interactive=False, verbosity=1)
    return 0


def _check(_arguments: argparse.Namespace) -> int:
    problems = _problems()
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print("No mistakes found.")
    return 1 if problems else 0


def _problems() -> list[str]:
    from django.core.checks import run_checks  # noqa: PLC0415 - needs Django set up

    from mypolis import checks  # noqa: PLC0415 - needs Django set up

    if found := checks.findings_about_rooms():
        return found  # Django's own checks would end with a traceback
    return [str(problem) for problem in run_checks() if not problem.is_silenced()] + checks.run()


@contextmanager
def _prepared_for(needs: Needs) -> Iterator[None]:
    """Provide what a command needs: settings, a usable database, tables that are up to date.

    Settings come from the environment or from the demo in this folder. If no database is named, the embedded one runs
    while the command runs.
    """
    if needs == "nothing":
        yield
        return
    adopt(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mypolis.settings")
    settings = importlib.import_module("mypolis.settings")
    if settings.MYPOLIS.mode == "test":
        # Test mode opens the inbox on any database it is given, and unlike demo mode it does not mark that database.
        raise ImproperlyConfigured("MYPOLIS_MODE must be production or demo: test is for this product's own tests.")
    share_metrics(settings.MYPOLIS.home)
    with ExitStack() as stack:
        if needs != "settings" and not settings.MYPOLIS.database_url:
            os.environ["DATABASE_URL"] = stack.enter_context(_embedded(settings.MYPOLIS.home))
            # Read the settings again: they were validated before a database was started for them.
            settings = importlib.reload(settings)
        django.setup()
        if needs != "settings":
            if settings.MYPOLIS.mode == "demo":
                database_mark.claim(settings.MYPOLIS.database_url)
            if needs == "tables":
                _check_tables()
        yield


@contextmanager
def _embedded(home: Path) -> Iterator[str]:
    postgres = EmbeddedPostgres(home)
    starter = os.getpid()
    url = postgres.start()
    try:
        yield url
    finally:
        # The web server's forked workers also run this when they exit.
        if os.getpid() == starter:
            postgres.release()


def _check_tables() -> None:
    """Raise ImproperlyConfigured if migrations are missing. Closes the connection, so that forks do not share it."""
    from django.db import connections  # noqa: PLC0415 - needs Django set up
    from django.db.backends.postgresql.base import DatabaseWrapper  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    connection = connections["default"]
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if isinstance(connection, DatabaseWrapper):
        connection.close_pool()
    if missing:
        raise ImproperlyConfigured("The database's tables are not up to date: run `mypolis migrate` first.")


if __name__ == "__main__":
    sys.exit(main())
