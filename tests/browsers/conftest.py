import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import httpx
import pytest

from tests.browsers.browser import Browser
from tests.browsers.firefox import Firefox, running_firefox
from tests.browsers.gallery import HEIGHT, WIDTHS, Gallery
from tests.browsers.visitor import Visitor
from tests.browsers.webkit import webkit_screen
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.lists import Insured
from tests.e2e.walking.running import Demo, running_demo

type Open = Callable[[], Browser]

WAYS = {"rs": "client-without-email", "id": "group", "ru": "open"}
"""The ways with the most pages."""


def fits(one: dict[str, str], market: str) -> bool:
    """Whether this person of the demo can register in this market's way."""
    label = "no e-mail" if market == "rs" else ""
    return one["market"] == market and one["state"] == "new" and one["label"] == label


def read(one: dict[str, str]) -> Insured:
    """Return a person of the demo, with what they choose themselves."""
    names = {field.name for field in fields(Insured)}
    email = one["email"] or f"nova-{one['national_id']}@example.test"
    return Insured(**{name: one[name] for name in names & one.keys()} | {"way": WAYS[one["market"]], "email": email})


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all tests of this folder."""
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="package")
def people(demo: Demo) -> Callable[[str], Insured]:
    """Returns people of the demo who can register in a market; nobody twice."""
    everybody = httpx.get(f"{demo.url}/inbox/people.json").json()
    waiting = {market: iter([read(one) for one in everybody if fits(one, market)]) for market in WAYS}
    return lambda market: next(waiting[market])


@pytest.fixture(scope="package")
def inbox(demo: Demo) -> Inbox:
    """The demo's inbox."""
    return Inbox(demo.url)


@pytest.fixture(scope="package")
def gallery() -> Gallery:
    """Examines pages, and stores their pictures in the folder in `MYPOLIS_TEST_PICTURES`."""
    folder = os.environ.get("MYPOLIS_TEST_PICTURES")
    return Gallery(Path(folder) if folder else None)


@pytest.fixture(scope="package", params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens browsers of one engine."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "firefox":
        with running_firefox(folder) as connection:
            yield lambda: Firefox(connection)
    else:
        with webkit_screen(folder) as open_webkit:
            yield open_webkit


@pytest.fixture
def visitor(engine: Open, demo: Demo, inbox: Inbox, gallery: Gallery) -> Iterator[Callable[[], Visitor]]:
    """Creates people, each with a separate browser. The test fails if one of their pages has a fault."""
    known = len(gallery.faults)
    with ExitStack() as stack:

        def make() -> Visitor:
            browser = engine()
            stack.callback(browser.close)
            browser.set_size(WIDTHS["phone"], HEIGHT)
            return Visitor(browser, demo.url, inbox, gallery)

        yield make
    assert gallery.faults[known:] == []
