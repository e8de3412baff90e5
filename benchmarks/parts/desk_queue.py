"""`desk.queue_1m_over_1k`: the queue of the claims desk at a million claims, compared with the same at a thousand.

The start page, a claim in hand and its member's page are measured too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.wsgi import get_wsgi_application

from benchmarks.browser import Browser
from benchmarks.claims_market import ClaimsMarket
from benchmarks.databases import as_default
from benchmarks.figure import Comparison, Figure, Side, compare
from benchmarks.sizes import sized
from mypolis.foundation.staff.entrance.sessions import open_session
from mypolis.insurance.claims.models import Claim
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
    "appeals": "/desk/id/claims/?appeals=1",
    "claim": "/desk/id/claims/{claim}/",
    "person": "/desk/id/people/{person}/",
}


def figures(runs: int) -> Iterator[Figure]:
    """Measure the queue in each order and with each filter, and the other pages; report what slows down most."""
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
    """A market with claims, the session of somebody with most roles, and what they have in hand."""

    name: str
    session: str
    claim: str
    person: int

    @classmethod
    def make(cls, name: str, claims: int) -> "_Desk":
        ClaimsMarket.make(name, claims)
        with as_default(name):
            rina = colleague("Rina", "senior-assessor", "agent", "operator", "administrator", market="id")
            _session, token = open_session(account=rina.account, by=rina.actor, factor="app")
            claim = Claim.objects.select_related("membership").filter(market="id", state="in_review").earliest("number")
            desk = cls(name, token, claim.number, claim.membership.person_id)
            desk.take()
        return desk

    def browser(self) -> Browser:
        """Their browser."""
        browser = Browser(get_wsgi_application())
        browser.cookies["__Host-staff-desk"] = self.session
        return browser

    def take(self) -> None:
        """Take the claim in hand, as they do it at the desk. Its page is another one then."""
        address, browser = f"/desk/id/claims/{self.claim}/", self.browser()
        browser.get(address).expect(200)
        browser.post(f"{address}take/").expect(302)
        if "put-back" not in browser.get(address).expect(200).text():
            raise RuntimeError("the claim is not in hand")


def _page(desk: _Desk, address: str) -> Side:
    filled = address.format(claim=desk.claim, person=desk.person)

    def read() -> float:
        with as_default(desk.name):
            return desk.browser().get(filled).expect(200).waited

    return read
