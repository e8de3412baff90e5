"""`cover.page_1m_over_1k`: pages of cover with a million members, compared with the same pages with a thousand."""

from collections.abc import Callable, Iterator
from itertools import cycle

from django.core.wsgi import get_wsgi_application

from benchmarks.browser import Browser
from benchmarks.crowd import LEDGER_ROWS_EACH, MEASURED, Crowd, make_crowd
from benchmarks.databases import as_default
from benchmarks.figure import Comparison, Figure, compare
from benchmarks.sizes import sized

FEW, MANY = sized(1_000, smoke=200), sized(1_000_000, smoke=2_000)
TIMES = sized(20, smoke=2)
# A membership's key names its policy and its card.
PAGES = {
    "home": "/id/home/",
    "policy": "/id/cover/{key}/",
    "benefit": "/id/cover/{key}/medicines/",
    "card": "/id/card/{key}/",
}


def figures(runs: int) -> Iterator[Figure]:
    """Measure all pages, and report the one that slows down most."""
    crowds = (make_crowd("bench_many", MANY), make_crowd("bench_few", FEW))
    visitors = [_Visitor(crowd) for crowd in crowds]
    found: dict[str, Comparison] = {}
    for page, address in PAGES.items():
        many, few = (visitor.reader(address) for visitor in visitors)
        found[page] = compare(many, few, runs=runs, times=TIMES)
    told = "; ".join(f"{page} {comparison}" for page, comparison in found.items())
    yield Figure(
        name="cover.page_1m_over_1k",
        value=round(max(comparison.ratio for comparison in found.values()), 2),
        unit="ratio",
        goal=1.3,
        runs=runs,
        of="median",
        note=f"Time to the response, with database, at {MANY:,} members and {MANY * LEDGER_ROWS_EACH:,} rows of the "
        f"ledger ÷ at {FEW:,} and {FEW * LEDGER_ROWS_EACH:,}, in two databases of one server; {MEASURED} members in "
        f"turn. {told}",
    )


class _Visitor:
    """Members of one crowd, who read pages one after another."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd, self._application = crowd, get_wsgi_application()

    def reader(self, address: str) -> Callable[[], float]:
        """Return a function that sends one GET as the next member and returns the seconds until the response."""
        members = cycle(self._crowd.members)

        def read() -> float:
            key, session = next(members)
            browser = Browser(self._application)
            browser.cookies["__Host-session-id"] = session
            with as_default(self._crowd.name):
                return browser.get(address.format(key=key)).expect(200).waited

        return read
