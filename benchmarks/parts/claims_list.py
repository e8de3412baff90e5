"""`claims.list_1m_over_1k`: pages and lists of claims with a million claims, compared with the same with a thousand."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from itertools import cycle
from time import perf_counter

from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from benchmarks.browser import Browser
from benchmarks.claims_market import EACH, ClaimsMarket
from benchmarks.crowd import MEASURED
from benchmarks.databases import as_default
from benchmarks.figure import Comparison, Figure, Side, compare
from benchmarks.sizes import sized
from mypolis.doors.integrations.flows import issue_token
from mypolis.foundation.events import SYSTEM
from mypolis.insurance.claims.commands import add_parser
from mypolis.insurance.claims.rights import CLAIMS

FEW, MANY = 1_000, sized(1_000_000, smoke=2_000)
TIMES = sized(20, smoke=2)
PAGES = {
    "list": "/id/claims/",
    "claim": "/id/claims/{claim}/",
    "home": "/id/home/",
}
PROGRAMS = {
    "API list": "/api/v1/id/claims",
    "feed": "/api/v1/id/partner/claims",
    "feed since": "/api/v1/id/partner/claims?changed_after={hour_ago}",
}
COMMANDS = {
    "command": "claims list --market id",
    "command by state": "claims list --market id --state in_review",
}


def figures(runs: int) -> Iterator[Figure]:
    """Measure pages, programs and the command, and report the one that slows down most."""
    installations = (_Installation.make("bench_many", MANY), _Installation.make("bench_few", FEW))
    found: dict[str, Comparison] = {}
    for name, side in _SIDES.items():
        many, few = (side(installation) for installation in installations)
        found[name] = compare(many, few, runs=runs, times=TIMES)
    told = "; ".join(f"{name} {comparison}" for name, comparison in found.items())
    yield Figure(
        name="claims.list_1m_over_1k",
        value=round(max(comparison.ratio for comparison in found.values()), 2),
        unit="ratio",
        goal=1.3,
        runs=runs,
        of="median",
        note=f"Time to the response, with database, at {MANY:,} claims ÷ at {FEW:,}, {EACH} of each member, in two "
        f"databases of one server; {MEASURED} members in turn. {told}",
    )


@dataclass(frozen=True)
class _Installation:
    """A market with claims, and the token of a partner who reads them."""

    market: ClaimsMarket
    partner: str

    @classmethod
    def make(cls, name: str, claims: int) -> "_Installation":
        market = ClaimsMarket.make(name, claims)
        with as_default(name):
            _token, partner = issue_token(
                market="id", partner="core", may=[CLAIMS.name], life=timedelta(days=9), by=SYSTEM
            )
        return cls(market, partner)


def _page(address: str) -> Callable[[_Installation], Side]:
    def side(installation: _Installation) -> Side:
        members, application = cycle(installation.market.members), get_wsgi_application()

        def read() -> float:
            claim, session = next(members)
            browser = Browser(application)
            browser.cookies["__Host-session-id"] = session
            with as_default(installation.market.name):
                return browser.get(address.format(claim=claim)).expect(200).waited

        return read

    return side


def _program(address: str) -> Callable[[_Installation], Side]:
    """A member's app, or the core system."""
    hour_ago = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def side(installation: _Installation) -> Side:
        members, application = cycle(installation.market.members), get_wsgi_application()

        def read() -> float:
            _claim, session = next(members)
            browser = Browser(application, bearer=installation.partner if "/partner/" in address else session)
            with as_default(installation.market.name):
                return browser.get(address.format(hour_ago=hour_ago)).expect(200).waited

        return read

    return side


def _command(line: str) -> Callable[[_Installation], Side]:
    parser = ArgumentParser()
    add_parser(parser.add_subparsers())
    arguments = parser.parse_args(line.split())

    def side(installation: _Installation) -> Side:
        def run() -> float:
            with as_default(installation.market.name), redirect_stdout(StringIO()):
                began = perf_counter()
                if arguments.run(arguments) != 0:
                    raise RuntimeError(f"{line} failed")
                return perf_counter() - began

        return run

    return side


_SIDES = {
    **{name: _page(address) for name, address in PAGES.items()},
    **{name: _program(address) for name, address in PROGRAMS.items()},
    **{name: _command(line) for name, line in COMMANDS.items()},
}
