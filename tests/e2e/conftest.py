from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.walking.accessibility import Inspector
from tests.e2e.walking.app import App
from tests.e2e.walking.browsing import CHROMIUM, FLAGS, Device, Tab
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.lists import MARKETS, Lists
from tests.e2e.walking.running import Demo, running_demo

type Phone = Callable[..., Tab]


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One running demo for all end-to-end tests."""
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="package")
def lists(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Lists:
    """The rosters, not loaded yet."""
    return Lists(tmp_path_factory.mktemp("lists"))


@pytest.fixture(scope="package")
def reports(demo: Demo, lists: Lists) -> dict[str, dict[str, Any]]:
    """Load the rosters of all markets at once while the demo runs. Returns the reports."""

    def load(market: str) -> dict[str, Any]:
        return demo.load_list(lists.path(market), market=market, employer="e2e")

    with ThreadPoolExecutor() as pool:
        return dict(zip(MARKETS, pool.map(load, MARKETS), strict=True))


@pytest.fixture(scope="package")
def inbox(demo: Demo) -> Inbox:
    """The demo's inbox."""
    return Inbox(demo.url)


# Ends with this package: Django would take Playwright's event loop for an asynchronous caller.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    expect.set_options(timeout=30_000)  # the default of five seconds is too short for a busy machine
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def inspector() -> Inspector:
    """One inspector, which remembers the pages that axe has examined."""
    return Inspector()


@pytest.fixture(scope="package")
def drawer() -> dict[tuple[str, bool], list[Device]]:
    """Unused devices, by market and whether they run scripts."""
    return defaultdict(list)


@pytest.fixture
def phone(
    chromium: Browser, demo: Demo, inbox: Inbox, inspector: Inspector, drawer: dict[tuple[str, bool], list[Device]]
) -> Iterator[Phone]:
    """Opens separate phones, each with one tab. The test fails if one of their pages has a fault."""
    used: list[tuple[tuple[str, bool], Device]] = []

    def open_phone(market: str = "rs", *, script: bool = True) -> Tab:
        free = drawer[market, script]
        device = free.pop() if free else Device(chromium, demo.url, market=market, script=script)
        used.append(((market, script), device))
        page = device.context.new_page()
        looks = inspector if script else None
        return Tab(page, demo.url, inbox, script=script, worker=False, inspector=looks, device=device)

    known = len(inspector.faults)
    yield open_phone
    faults = inspector.faults[known:]
    for kind, device in used:
        faults += device.forget()
        drawer[kind].append(device)
    assert faults == []


@pytest.fixture
def app(demo: Demo, inbox: Inbox) -> Callable[[], App]:
    """Opens separate apps."""
    return lambda: App(demo.url, inbox)
