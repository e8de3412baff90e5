"""No page of the desk takes more than fifteen statements: the desk is walked along its links, as each role, with the
demo's people, claims, guarantees and payments in it.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from mypolis.demo.seed import seed
from mypolis.foundation.events import Actor
from mypolis.foundation.markets import market
from mypolis.foundation.rooms import Role
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.payments.runs import make_run
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.membership.people.models import Person
from mypolis.offices.reports.claim_lists.flows import ask_for_list
from tests.files.conftest import folder
from tests.offices.report_world import month
from tests.staff.world import Colleague, at_desk, colleague
from tests.test_query_counts import asked

__all__ = ["folder"]
pytestmark = pytest.mark.django_db

MARKET = "id"
MOST = 15
EXAMPLES = 4  # how many addresses of one page are opened
LINK = re.compile(r'\bhref="([^"#]+)')
ROLES: tuple[Role, ...] = get_args(Role.__value__)
OF_OBJECTS = {
    *("desk-claim", "desk-claim-facts", "desk-claim-earlier", "desk-claim-questions", "desk-claim-history"),
    *("desk-claim-member-view", "desk-claim-decision"),
    *("desk-person", "desk-person-account", "desk-person-limits", "desk-person-history"),
    *("desk-guarantee", "desk-payment-run", "desk-report", "desk-colleague", "desk-audit-event"),
}
"""Pages of one object: the walk must have come to them."""


class Walk:
    """What was opened: the statements of each address, by the name of its page."""

    def __init__(self) -> None:
        self.opened: dict[str, dict[str, list[str]]] = {}

    def along_the_links(self, role: Role, browser: Client, start: str = f"/desk/{MARKET}/") -> None:
        """Open a page and whatever can be reached from it, some addresses of each page."""
        waiting, seen, of_page = deque([start]), set[str](), Counter[str]()
        while waiting:
            address = waiting.popleft()
            page = page_at(address)
            if address in seen or page is None or of_page[kind_of(page, address)] >= EXAMPLES:
                continue
            seen.add(address)
            of_page[kind_of(page, address)] += 1
            waiting.extend(self._links(role, browser, page, address))

    def _links(self, role: Role, browser: Client, page: str, address: str) -> Iterator[str]:
        with asked() as found:
            answer = browser.get(address)
        assert answer.status_code in (200, 302), f"{role} is led to {address}, which answers {answer.status_code}"
        self.opened.setdefault(page, {})[f"{role} {address}"] = found.statements
        if answer.status_code == 302:
            yield urljoin(address, answer["Location"])
        elif answer["Content-Type"].startswith("text/html"):
            yield from (urljoin(address, unescape(link)) for link in LINK.findall(answer.content.decode()))


def page_at(address: str) -> str | None:
    """The name of the page of the desk at an address; None if it is no page of the market's desk."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith(f"/desk/{MARKET}/"):
        return None
    return resolve(parts.path).url_name


def kind_of(page: str, address: str) -> str:
    """The page with the names of what its query says: a filtered list and a chosen line are looked at too."""
    return " ".join((page, *sorted(parse_qs(urlsplit(address).query, keep_blank_values=True))))


@pytest.fixture
def team(folder: Path) -> dict[Role, Colleague]:
    """Somebody in each role, at the desk of a market in which a lot has happened."""
    seed()
    profile = market(MARKET)
    made = make_run(profile=profile, by=Actor("staff", "1"))
    assert made.run is not None
    ask_for_list(span=month(), by=Actor("staff", "1"))
    return {role: colleague(role.title().replace("-", ""), role, market=MARKET) for role in ROLES}


def test_no_page_of_the_desk_takes_more_than_fifteen_statements(team: dict[Role, Colleague]) -> None:
    walk = Walk()
    for role, one in team.items():
        browser = at_desk(one)
        if role in ("assessor", "senior-assessor"):
            takes_what_is_free(browser)
        walk.along_the_links(role, browser)
        if role == "agent":
            looks_for_everybody(browser, walk)
    assert OF_OBJECTS - walk.opened.keys() == set()
    over = {
        address: len(statements)
        for addresses in walk.opened.values()
        for address, statements in addresses.items()
        if len(statements) > MOST
    }
    assert over == {}


def takes_what_is_free(browser: Client) -> None:
    """Somebody takes whatever waits for a decision and is in nobody's hands."""
    for claim in Claim.objects.filter(market=MARKET).sent():
        browser.post(f"/desk/{MARKET}/claims/{claim.number}/take/")
    for guarantee in Guarantee.objects.filter(market=MARKET):
        browser.post(f"/desk/{MARKET}/guarantees/{guarantee.pk}/take/")


def looks_for_everybody(browser: Client, walk: Walk) -> None:
    """Search, which is a POST, leads to people; open the pages of a few."""
    for person in Person.objects.filter(market=MARKET).order_by("pk")[:EXAMPLES]:
        with asked() as found:
            answer = browser.post(f"/desk/{MARKET}/search/", {"typed": person.full_name})
        assert f"/people/{person.pk}/" in answer.content.decode()
        walk.opened.setdefault("desk-search", {})[person.full_name] = found.statements
        walk.along_the_links("agent", browser, start=f"/desk/{MARKET}/people/{person.pk}/")
