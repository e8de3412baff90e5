"""`register.*`: how many bytes a first visit to the registration page transfers."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.core.wsgi import get_wsgi_application

from benchmarks.browser import Answer, Browser
from benchmarks.figure import Figure

MARKETS = ("rs", "id", "ru")
_IN_STYLES = re.compile(r"(?:url\(|@import\s+)[\"']?([^\"')\s;]+)")
_IN_SCRIPTS = re.compile(r"""(?:^|[\s;])import\b[^;"']*["']([^"']+)["']""")


def figures(runs: int) -> Iterator[Figure]:
    """Yield one figure per market. One visit is enough, because the bytes do not vary."""
    for market in MARKETS:
        yield _first_visit(market)


def _first_visit(market: str) -> Figure:
    answers = visit(f"/{market}/register/")
    page, *rest = answers.values()
    packed = sum(1 for answer in answers.values() if answer.header("Content-Encoding"))
    return Figure(
        name=f"register.first_visit_kb.{market}",
        value=round(sum(answer.sent for answer in answers.values()) / 1000, 1),
        unit="kB",
        goal=30,
        runs=1,
        of="total",
        note=f"kB of 1,000 bytes, headers included, to a browser that accepts brotli and has no cache: the page "
        f"{page.sent / 1000:.1f} ({page.header('Content-Encoding') or 'not compressed'}) and "
        f"{len(rest)} files that it loads; {packed} of the {len(answers)} are compressed",
    )


def visit(path: str) -> dict[str, Answer]:
    """Return the responses of the page and of everything that it loads, by URL."""
    browser = Browser(get_wsgi_application())
    answers: dict[str, Answer] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop(0)
        if address in answers or "://" in address or address.startswith("data:"):
            continue
        answer = answers[address] = browser.get(address)
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        waiting += [urljoin(address, found).partition("#")[0] for found in _references(answer)]
    return answers


def _references(answer: Answer) -> list[str]:
    kind = answer.header("Content-Type")
    if not kind.startswith("text/"):
        return []
    text = answer.text()
    if kind.startswith("text/html"):
        page = _Page()
        page.feed(text)
        return page.found
    if kind.startswith("text/css"):
        return _IN_STYLES.findall(text)
    return _IN_SCRIPTS.findall(text) if "javascript" in kind else []


class _Page(HTMLParser):
    """Collects what a browser loads by itself: styles, icons, scripts, images, symbols, the captcha's challenge."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("rel") == "apple-touch-icon":  # loaded only when somebody adds the page to a home screen
            return
        loaded = {
            "link": given.get("href"),
            "use": given.get("href"),
            "script": given.get("src"),
            "img": given.get("src"),
        }.get(tag)
        self.found += [address for address in (loaded, given.get("data-challenge-url")) if address]
