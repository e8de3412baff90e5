"""A member's browser: Chromium on a small phone, which records everything that a page must not do."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from tests.e2e.walking.accessibility import PHONE, Inspector
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import Answers, Turn

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
]
LOCALES = {"rs": "sr-Latn-RS", "id": "id-ID", "ru": "ru-RU", "desk": "en-GB"}
NO_SCRIPT_SECONDS = 5.2
# Tests press buttons faster than people do. They wait for the page's first service worker, which for people starts
# while they read. No test covers a form that is sent at that very moment.
WORKER_STANDS = """async () => {
  if (!document.querySelector("link[rel=manifest]") || !navigator.onLine) return;
  const stands = navigator.serviceWorker.ready.then(({ active }) => active.state === "activated" ||
    new Promise((done) => active.addEventListener("statechange", done)));
  await Promise.race([stands, new Promise((done) => setTimeout(done, 3000))]);
}"""
_BLOCKED = "Service Worker registration blocked"
_NO_NETWORK = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Device:
    """One person's browser during a test. Its cache of our files is kept for later tests, which saves time.

    Service workers are blocked: during their installation Playwright sometimes missed that a page had loaded. Tests
    of the installed app use other browsers, which allow them.
    """

    def __init__(self, chromium: Browser, url: str, *, market: str, script: bool) -> None:
        self.faults: list[str] = []
        self._is_cut_off = False
        self.context = chromium.new_context(
            viewport=PHONE, locale=LOCALES[market], java_script_enabled=script, service_workers="block"
        )
        self.context.set_default_timeout(30_000)
        self.context.on("console", lambda message: self._say(message.type, message.text, message.location["url"]))
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("request", lambda request: self._asked(request.url, url))

    def forget(self) -> list[str]:
        """Reset it to an unknown device. Returns the errors of its pages and their requests to other hosts."""
        for page in self.context.pages:
            page.close()
        self.context.clear_cookies()
        found, self.faults = self.faults, []
        return found

    @contextmanager
    def cut_off(self, going: Callable[[], None] | None = None) -> Iterator[None]:
        """A block without network. Chromium reports requests that were made before the page knew; only here may it.

        `going` is what happens while the network goes: requests may fail already, but the browser still trusts it.
        """
        self._is_cut_off = True
        if going:
            going()
        self.context.set_offline(True)
        yield
        for page in self.context.pages:
            page.evaluate("0")  # what the console said before has arrived now
        self._is_cut_off = False
        self.context.set_offline(False)

    def _say(self, kind: str, text: str, where: str) -> None:
        if self._is_cut_off and text.startswith(_NO_NETWORK):
            return
        if kind in ("error", "warning") and not _STATUS.match(text) and not text.startswith(_BLOCKED):
            self.faults.append(f"{kind}: {text} ({where})")

    def _asked(self, asked: str, url: str) -> None:
        if not asked.startswith((f"{url}/", "data:", "about:")):
            self.faults.append(f"request to another party: {asked}")


class Tab:
    """One tab of the browser, as a person uses it."""

    def __init__(
        self,
        page: Page,
        url: str,
        inbox: Inbox,
        *,
        script: bool = True,
        worker: bool = True,
        inspector: Inspector | None = None,
        device: Device | None = None,
    ) -> None:
        self.page = page
        self.username = ""
        self._url, self._inbox, self._script, self._inspector = url, inbox, script, inspector
        self._worker = worker and script
        self._device = device
        self._opened_at = 0.0

    def twin(self) -> "Tab":
        """Another tab of the same browser."""
        page = self.page.context.new_page()
        worker = self._worker
        return Tab(page, self._url, self._inbox, script=self._script, worker=worker, inspector=self._inspector)

    def open(self, path: str) -> None:
        """Go to an address of the portal."""
        self.page.goto(path if path.startswith("http") else f"{self._url}{path}", wait_until="domcontentloaded")
        if self._worker:
            self.page.evaluate(WORKER_STANDS)
        self.arrived()

    def walk(self, market: str, journey: str, turns: list[Turn], *, way: str = "", link: str = "") -> None:
        """Answer every page to the end of the journey."""
        self.open(link or f"/{market}/{journey}/")
        for turn in turns:
            self.answer(turn)
        assert self.step == "", self.text

    def answer(self, turn: Turn) -> None:
        """Fill in the page of a step and send it."""
        assert self.step == turn.step, self.text
        answers = dict(turn.answers)
        if turn.code_to:
            answers["code"] = self._inbox.code(turn.code_to)
        self.fill(answers)
        if turn.captcha:
            self._wait_for_captcha()
        self.send()

    def fill(self, answers: Answers) -> None:
        """Type into fields, tick boxes, choose."""
        self.page.bring_to_front()  # a background tab rarely repaints
        for name, value in answers.items():
            field = self.page.locator(f"[name={name}]")
            if value is True:
                field.check()
            elif name == "policy_type":
                field.and_(self.page.locator(f"[value={value}]")).check()
            elif name == "birth_date":
                parts = zip(("year", "month", "day"), str(value).split("-"), strict=True)
                for part, digits in parts:
                    self.page.locator(f"[name=birth_date_{part}]").fill(digits)
            else:
                field.fill(str(value))

    def send(self) -> None:
        """Press the page's main button."""
        self.press(self.page.locator("#step .form-actions button"))

    def press(self, button: Locator) -> None:
        """Press a button or link that opens another page."""
        self.page.bring_to_front()
        with self.leaving():
            button.click()

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """A block in which the tab leaves its page."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            yield
        self.arrived()

    def cut_off(self, going: Callable[[], None] | None = None) -> AbstractContextManager[None]:
        """A block in which the tab's phone has no network. `going` is what happens while it goes."""
        assert self._device is not None
        return self._device.cut_off(going)

    def inspect(self, state: str) -> None:
        """Examine the page in a state that its address does not show."""
        assert self._inspector is not None
        self._inspector.look(self.page, state=state)

    def is_signed_in(self, market: str) -> bool:
        """Whether the member's home opens."""
        self.open(f"/{market}/home/")
        return self.page.url.endswith(f"/{market}/home/")

    def sign_out(self, market: str) -> None:
        """Press the button at the top of the page; if a phone shows none, the one on the page More."""
        top = self.page.locator(f".top form[action='/{market}/signout/'] button")
        if not top.is_visible():
            self.open(f"/{market}/more/")
        self.press(self.page.locator(f"form[action='/{market}/signout/'] button:visible"))
        assert self.page.url.endswith(f"/{market}/")

    @property
    def step(self) -> str:
        """The name of the page's step; empty when the page has none."""
        field = self.page.locator("#step > [name=step]")
        return field.get_attribute("value") or "" if field.count() else ""

    @property
    def text(self) -> str:
        """The text of the page."""
        return self.page.locator("main").inner_text()

    @property
    def heading(self) -> str:
        """The page's h1."""
        return self.page.locator("h1").inner_text()

    def value(self, name: str) -> str:
        """The value of a field."""
        return self.page.locator(f"[name={name}]").input_value()

    def arrived(self) -> None:
        self._opened_at = time.monotonic()
        shown = self.page.locator(".keep b")
        if shown.count():
            self.username = shown.inner_text()
        if self._inspector is not None:
            self._inspector.look(self.page)

    def _wait_for_captcha(self) -> None:
        if self._script:
            self.page.locator("[data-captcha][data-state=done]").wait_for()
        else:
            time.sleep(max(0.0, self._opened_at + NO_SCRIPT_SECONDS - time.monotonic()))


@contextmanager
def phone_without_cookies(chromium: Browser, folder: Path) -> Iterator[Page]:
    """A browser with cookies switched off in its settings."""
    profile = folder / "Default"
    profile.mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Preferences").write_text(json.dumps(blocked))
    context = chromium.browser_type.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=FLAGS, viewport=PHONE, locale=LOCALES["ru"]
    )
    try:
        yield context.pages[0]
    finally:
        context.close()
