"""A list of 100,000 claims, written by the worker while the desk serves pages: what it costs both.

`desk.export_beside_over_quiet` compares the queue of claims while a list is written with the same when none is.
`desk.export_mib` is by how much the worker's memory grows from a tenth of the list to all of it.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.db import connection
from psycopg.conninfo import make_conninfo

from benchmarks.browser import Browser
from benchmarks.claims_market import ClaimsMarket
from benchmarks.databases import as_default
from benchmarks.figure import Figure, compare
from benchmarks.sizes import sized
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.entrance.sessions import open_session
from mypolis.offices.reports.claim_lists.flows import WRITE, ask_for_list
from mypolis.offices.reports.models import ClaimList
from mypolis.offices.reports.sums.spans import Span
from mypolis.processes import Children
from tests.staff.world import Colleague, colleague

CLAIMS = sized(111_200, smoke=2_000)  # nine of ten are sent, the others are drafts
TIMES = 20
PAGE = "/desk/id/claims/"
SECONDS = 300
A_TENTH, ALL = 20, 300  # days: every 25 days, a tenth of the claims was sent
"""Days before today that the small and the large list cover."""
_WAITS = "SELECT status FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing') ORDER BY 1 LIMIT 1"


def figures(runs: int) -> Iterator[Figure]:
    """Both figures."""
    with _Desk.with_worker() as desk:
        desk.ask(days=A_TENTH)
        _wait_until(lambda: desk.state() == "")
        few, before = desk.rows(), desk.peak()
        found = compare(desk.beside, desk.quiet, runs=runs, times=TIMES)
        _wait_until(lambda: desk.state() == "")
        many, after = desk.rows(), desk.peak()
    yield Figure(
        name="desk.export_beside_over_quiet",
        value=round(found.ratio, 2),
        unit="ratio",
        goal=2,
        runs=runs,
        of="median",
        note=f"The queue of claims while the worker writes a list of {many:,} claims ÷ while it writes none: {found}",
    )
    yield Figure(
        name="desk.export_mib",
        value=round(max(0.0, after - before), 1),
        unit="MiB",
        goal=8,
        runs=1,
        of="peak",
        note=f"Resident memory of the worker at its peak: {after:.1f} MiB with lists of {many:,} claims, {before:.1f} "
        f"MiB with one of {few:,}",
    )


@dataclass(frozen=True)
class _Desk:
    """A market with claims, an assessor's session, and the process id of a worker."""

    name: str
    rina: Colleague
    session: str
    worker: int

    @classmethod
    @contextmanager
    def with_worker(cls) -> Iterator["_Desk"]:
        """Fill a new database, and start a worker for it as in a deployment."""
        name = "bench_export"
        ClaimsMarket.make(name, CLAIMS)
        with as_default(name):
            rina = colleague("Rina", "senior-assessor", "operator", market="id")
            _session, token = open_session(account=rina.account, by=rina.actor, factor="app")
        url = make_conninfo(os.environ["DATABASE_URL"], dbname=name)
        with Children({**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "mypolis.settings"}) as children:
            yield cls(name, rina, token, children.start("worker", "worker"))

    def beside(self) -> float:
        """Read the page while a list is written."""
        if self.state() != "doing":
            self.ask(days=ALL)
            _wait_until(lambda: self.state() != "todo")
        return self._read()

    def quiet(self) -> float:
        """Read the page while none is written."""
        _wait_until(lambda: self.state() == "")
        return self._read()

    def ask(self, *, days: int) -> None:
        """Ask for the list of the claims of these days."""
        profile = profile_of("id")
        today = profile.today()
        with as_default(self.name):
            ask_for_list(span=Span(profile, today - timedelta(days=days), today), by=self.rina.actor)

    def state(self) -> str:
        """`doing` while a list is written, `todo` while one waits, empty otherwise."""
        with as_default(self.name), connection.cursor() as cursor:
            cursor.execute(_WAITS, [WRITE])
            row = cursor.fetchone()
        return str(row[0]) if row else ""

    def rows(self) -> int:
        """How long the newest list is. Raises RuntimeError if it was not written."""
        with as_default(self.name):
            rows = ClaimList.objects.latest("pk").rows
        if rows is None:
            raise RuntimeError("the worker did not write the list")
        return rows

    def peak(self) -> float:
        """The most memory that the worker had so far, in MiB."""
        lines = Path(f"/proc/{self.worker}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    def _read(self) -> float:
        browser = Browser(get_wsgi_application())
        browser.cookies["__Host-staff-desk"] = self.session
        with as_default(self.name):
            return browser.get(PAGE).expect(200).waited


def _wait_until(is_so: Callable[[], bool]) -> None:
    """Wait. Raises RuntimeError after five minutes."""
    until = time.monotonic() + SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise RuntimeError("the worker does not write")
        time.sleep(0.05)
