"""`make pictures`: takes the pictures of the README and the docs from a new demo.

Each shows a few screens side by side, rendered by Chromium and stored as WebP. The same code gives the same pictures:
new invented people, no animation, no caret, and no weekday. All together are at most `MOST_KB` large.
"""

import base64
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.demo import CHROMIUM, cookies_of_a_member, running_demo

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
MOST_KB = 400
LOCALES = {"rs": "sr-Latn-RS", "id": "id-ID", "ru": "ru-RU"}
PHONE, WIDE = (360, 740), (1180, 760)
QUIET = """
* { animation: none !important; transition: none !important; caret-color: transparent !important; }
.over { display: none; }
"""
FRAME = '<body style="margin:0;display:flex;gap:24px;padding:24px;background:%s">%s</body>'
LIFTED = "border-radius:20px;box-shadow:0 0 0 1px #0003,0 8px 24px #0002"
SCREEN = f'<img src="data:image/png;base64,%s" width="%d" style="{LIFTED}">'


@dataclass(frozen=True)
class Screen:
    """One screen: its page, the device, and what somebody does there first."""

    market: str
    path: str
    size: tuple[int, int] = PHONE
    scheme: str = "light"
    member: bool = False
    act: Callable[[Page], None] | None = None


def _choosing_a_password(page: Page) -> None:
    page.fill("#id_password", "plavi most i tri lipe")
    page.locator("#id_password").evaluate("box => box.closest('.field').previousElementSibling.scrollIntoView()")


def _refused(page: Page) -> None:
    page.fill("#id_mobile", "011 222 333")
    page.click("#step .form-actions button")
    page.locator(".errors").wait_for()


PICTURES = {
    "landings": [Screen("rs", ""), Screen("id", ""), Screen("ru", "")],
    "register": [
        Screen("rs", "register/client/", act=_choosing_a_password),
        Screen("ru", "signin/", act=_refused),
        Screen("id", "register/", scheme="dark"),
    ],
    "home": [Screen("ru", "home/", size=WIDE, member=True)],
    "home-dark": [Screen(market, "home/", scheme="dark", member=True) for market in LOCALES],
}


def main() -> int:
    """Take every picture. Returns 1 if together they are too large."""
    FOLDER.mkdir(exist_ok=True)
    with (
        TemporaryDirectory(prefix="mypolis-pictures-") as home,
        running_demo(Path(home)) as url,
        sync_playwright() as it,
    ):
        cookies = {market: cookies_of_a_member(url, market) for market in LOCALES}
        browser = it.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        for name, screens in PICTURES.items():
            shots = [(_shot(browser, url, screen, cookies), screen.size[0]) for screen in screens]
            dark = all(screen.scheme == "dark" for screen in screens)
            (FOLDER / f"{name}.webp").write_bytes(_together(browser, shots, "#2b2f36" if dark else "#eceef1"))
        browser.close()
    heavy = sum(file.stat().st_size for file in FOLDER.glob("*.webp")) / 1000
    sys.stdout.write(f"{len(PICTURES)} pictures, {heavy:.0f} kB in {FOLDER}\n")
    return 0 if heavy <= MOST_KB else 1


def _shot(browser: Browser, url: str, screen: Screen, cookies: dict[str, str]) -> bytes:
    width, height = screen.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        locale=LOCALES[screen.market],
        color_scheme="dark" if screen.scheme == "dark" else "light",
        reduced_motion="reduce",
        bypass_csp=True,  # allows the style that stops animations
    )
    if screen.member:
        context.add_cookies(list(_cookies(cookies[screen.market], url)))
    page = context.new_page()
    page.goto(f"{url}/{screen.market}/{screen.path}")
    if screen.act is not None:
        screen.act(page)
    page.add_style_tag(content=QUIET)
    for captcha in page.locator("[data-captcha]").all():
        captcha.and_(page.locator("[data-state=done]")).wait_for()
    shot = page.screenshot()
    context.close()
    return shot


def _cookies(header: str, url: str) -> Iterator[Any]:
    for pair in header.split("; "):
        name, _equals, value = pair.partition("=")
        yield {"name": name, "value": value, "url": url}


def _together(browser: Browser, shots: list[tuple[bytes, int]], ground: str) -> bytes:
    """Return the screens side by side as WebP."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=1.25)
    images = "".join(SCREEN % (base64.b64encode(shot).decode(), width) for shot, width in shots)
    page.set_content(FRAME % (ground, images), wait_until="load")
    width, height = page.locator("img").last.evaluate("one => [one.offsetLeft + one.width + 24, one.height + 48]")
    options = {"format": "webp", "quality": 80, "captureBeyondViewport": True}
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", {**options, "clip": clip})
    page.close()
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    sys.exit(main())
