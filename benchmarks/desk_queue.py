"""`desk.queue_1m_over_1k`: the queue of the claims desk at a million claims, compared with the same at a thousand."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.wsgi import get_wsgi_application

from benchmarks.browser import Browser
from benchmarks.claims_market import ClaimsMarket
from benchmarks.crowd import as_default
from benchmarks.figure import Comparison, Figure, Side, compare
from benchmarks.sizes import sized
from mypolis.foundation.staff.entrance.sessions import open_session
from tests.staff.world import colleague

FEW, MANY = 1_000, sized(1_000_000, smoke=2_000)
TIMES = sized(20, smoke=2)
PAGES = {
    "start": "/desk/id/",
    "by promise": "/desk/id/claims/",
    "by age": "/desk/id/claims/?order=age",
    "by amount": "/desk/id/claims/?order=amount",
    "nobody's": "/desk/id/claims/?whose=nobody",
    "mine": "/desk/id/claims/?whose=mine",
    "in review": "/desk/id/claims/?state=in_review",
    "of a benefit": "/desk/id/claims/?benefit=gp",
    "appeals": "/desk/id/claims/?only_appeals=on",
}


def figures(runs: int) -> Iterator[Figure]:
    """Measure the start page and the queue in each order and with each filter, and report what slows down most."""
    desks = (_Desk.make("bench_many", MANY), _Desk.make("bench_few", FEW))
    found: dict[str, Comparison] = {}
    for name, address in PAGES.items():
        many, few = (_page(desk, address) for desk in desks)
        found[name] = compare(many, few, runs=runs, times=TIMES)
    told = "; ".join(f"{name} {comparison}" for name, comparison in found.items())
    yield Figure(
        name="desk.queue_1m_over_1k",
        value=round(max(comparison.ratio for comparison in found.values()), 2),
        unit="ratio",
        goal=1.3,
        runs=runs,
        of="median",
        note=f"Time to the response, with database, at {MANY:,} claims ÷ at {FEW:,}; of ten claims one is in review "
        f"and one waits for its member. {told}",
    )


@dataclass(frozen=True)
class _Desk:
    """A market with claims, and the session of an assessor."""

    name: str
    session: str

    @classmethod
    def make(cls, name: str, claims: int) -> "_Desk":
        ClaimsMarket.make(name, claims)
        with as_default(name):
            rina = colleague("Rina", "senior-assessor", market="id")
            _session, token = open_session(account=rina.account, by=rina.actor, factor="app")
        return cls(name, token)


def _page(desk: _Desk, address: str) -> Side:
    application = get_wsgi_application()

    def read() -> float:
        browser = Browser(application)
        browser.cookies["__Host-staff-desk"] = desk.session
        with as_default(desk.name):
            return browser.get(address).expect(200).waited

    return read
