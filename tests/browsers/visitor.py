"""A person with a browser, who walks the journeys of `tests.e2e.walking.journeys` in any engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from tests.browsers.browser import Browser, until
from tests.browsers.gallery import Gallery
from tests.e2e.walking.inbox import Inbox
from tests.e2e.walking.journeys import Answers, Turn

_MARK = "number => { window.mark = number; }"
_MARKED = "() => [window.mark ?? 0, document.readyState]"
_NAME = "document.querySelector('#step > [name=step]')?.value ?? ''"


class Visitor:
    """Somebody with a separate browser. Every page that they open is examined."""

    def __init__(self, browser: Browser, url: str, inbox: Inbox, gallery: Gallery) -> None:
        self.browser, self.username = browser, ""
        self._url, self._inbox, self._gallery = url, inbox, gallery
        self._leaves = count(1)

    def open(self, path: str) -> None:
        """Open a URL of the portal."""
        self.browser.goto(path if path.startswith("http") else f"{self._url}{path}")
        self._arrived()

    def walk(self, market: str, journey: str, turns: list[Turn], *, way: str = "", link: str = "") -> None:
        """Answer page after page until the journey ends."""
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
            self.browser.wait_for("() => document.querySelector('[data-captcha][data-state=done]') !== null")
        self.send()

    def fill(self, answers: Answers) -> None:
        """Type into fields, tick checkboxes, make choices."""
        for name, value in answers.items():
            if value is True:
                self.tick(f"[name={name}]")
            elif name == "policy_type":
                self.tick(f"[name={name}][value={value}]")
            elif name == "birth_date":
                for part, digits in zip(("year", "month", "day"), str(value).split("-"), strict=True):
                    self.browser.fill(f"[name=birth_date_{part}]", digits)
            else:
                self.browser.fill(f"[name={name}]", str(value))

    def tick(self, css: str) -> None:
        """Tick a checkbox, or choose an option."""
        self.browser.click(css)
        self.browser.wait_for("css => document.querySelector(css).checked", css)

    def send(self) -> None:
        """Press the page's main button."""
        self.press("#step .form-actions button")

    def press(self, css: str) -> None:
        """Click something that opens another page."""
        with self.leaving():
            self.browser.click(css)

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Wait at the end of the block until the browser has left the page and loaded the next one."""
        number = next(self._leaves)
        self.browser.evaluate(_MARK, number)
        yield
        until(lambda: self._is_elsewhere(number), f"{self.browser.name} to leave the page")
        self._arrived()

    def is_signed_in(self, market: str) -> bool:
        """Whether the member's home page opens."""
        self.open(f"/{market}/home/")
        return self.path == f"/{market}/home/"

    def sign_out(self, market: str) -> None:
        """Sign out with the button on the page More, where it is on phones."""
        self.open(f"/{market}/more/")
        self.press(f"form[action='/{market}/signout/'] button")
        assert self.path == f"/{market}/"

    @property
    def path(self) -> str:
        """The path of the page's URL."""
        return str(self.browser.evaluate("() => location.pathname"))

    @property
    def step(self) -> str:
        """The name of the step on the page; "" if there is none."""
        return str(self.browser.evaluate(f"() => {_NAME}"))

    @property
    def text(self) -> str:
        """The text of the page."""
        return str(self.browser.evaluate("() => document.querySelector('main').innerText"))

    def _is_elsewhere(self, number: int) -> bool:
        mark, state = self.browser.evaluate(_MARKED)
        return bool(mark != number and state == "complete")

    def _arrived(self) -> None:
        shown = self.browser.evaluate("() => document.querySelector('.keep b')?.innerText ?? ''")
        self.username = shown or self.username
        self._gallery.look(self.browser)
