from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.accessibility import PHONE, Inspector
from tests.e2e.app import App
from tests.e2e.browsing import CHROMIUM, FLAGS, LOCALES, Tab, Watch
from tests.e2e.inbox import Inbox
from tests.e2e.lists import MARKETS, Lists
from tests.e2e.running import Demo, running_demo

type Phone = Callable[..., Tab]


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all these tests."""
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="package")
def lists(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Lists:
    """The lists, not loaded yet."""
    return Lists(tmp_path_factory.mktemp("lists"))


@pytest.fixture(scope="package")
def reports(demo: Demo, lists: Lists) -> dict[str, dict[str, Any]]:
    """The reports of loading the lists beside the running demo, all markets at once."""

    def load(market: str) -> dict[str, Any]:
        return demo.load_list(lists.path(market), market=market, employer="e2e")

    with ThreadPoolExecutor() as pool:
        return dict(zip(MARKETS, pool.map(load, MARKETS), strict=True))


@pytest.fixture(scope="package")
def inbox(demo: Demo) -> Inbox:
    """Where the demo's messages arrive."""
    return Inbox(demo.url)


# Not longer than this package: Playwright's loop would look to Django like an asynchronous caller.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def inspector() -> Inspector:
    """Remembers which pages axe has seen."""
    return Inspector()


@pytest.fixture
def phone(chromium: Browser, demo: Demo, inbox: Inbox, inspector: Inspector) -> Iterator[Phone]:
    """Opens phones of their own, each with one tab; none of their pages may be at fault in anything."""
    opened, watches = [], []

    def open_phone(market: str = "rs", *, script: bool = True) -> Tab:
        context = chromium.new_context(viewport=PHONE, locale=LOCALES[market], java_script_enabled=script)
        context.set_default_timeout(15_000)
        opened.append(context)
        watches.append(Watch(context, demo.url))
        return Tab(context.new_page(), demo.url, inbox, script=script, inspector=inspector if script else None)

    known = len(inspector.faults)
    yield open_phone
    for context in opened:
        context.close()
    faults = [fault for watch in watches for fault in watch.faults]
    assert [*faults, *inspector.faults[known:]] == []


@pytest.fixture
def app(demo: Demo, inbox: Inbox) -> Callable[[], App]:
    """Opens apps of their own."""
    return lambda: App(demo.url, inbox)
