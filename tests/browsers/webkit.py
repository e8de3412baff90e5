"""Safari's engine: WebKitGTK's MiniBrowser, driven by Debian's WebKitWebDriver (W3C WebDriver over HTTP)."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.browsers.browser import FIND, PATIENCE_SECONDS, Browser, BrowserError, until
from tests.browsers.processes import running, screen
from tests.operating.test_cli import free_port

COMMAND = "WebKitWebDriver"
MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
SCREEN = "1300x4000"
NARROW = "toolbar, toolbar *, button, entry { min-width: 0; min-height: 0; padding: 0; margin: 0; font-size: 1px; }\n"
"""With MiniBrowser's own buttons, its window could not be as narrow as a phone."""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SCROLL = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })"
_CALL = """const [values, done] = arguments;
(async () => JSON.stringify((await (%s)(...JSON.parse(values))) ?? null))()
  .then((value) => done({ value }), (error) => done({ error: String(error) }));"""


@contextmanager
def webkit_screen(folder: Path) -> Iterator[Callable[[], "WebKit"]]:
    """Run a virtual screen; yields a function that opens browsers on it."""
    settings = folder / "gtk-3.0"
    settings.mkdir()
    (settings / "gtk.css").write_text(NARROW)
    with screen(folder, size=SCREEN) as display:
        yield lambda: WebKit(folder, display)


def mini_browser() -> str:
    """Return the path of the browser in Debian's package of the engine."""
    root = Path("/")
    return str(next(root.glob(MINI_BROWSERS.removeprefix("/"))))


class WebKit(Browser):
    """A MiniBrowser that stores nothing on disk, and its own driver, since a driver has only one session."""

    name = "webkit"

    def __init__(self, folder: Path, display: str) -> None:
        super().__init__()
        port, log = free_port(), folder / f"webkit-{uuid4()}.log"
        environment = dict.fromkeys(["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"], str(folder))
        environment["DISPLAY"] = display
        self.owned.enter_context(running([COMMAND, f"--port={port}"], log, environment=environment))
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS)
        self._client, self._session = self.owned.enter_context(client), ""
        until(self._is_ready, f"WebKitWebDriver to listen: {log}")
        options = {"binary": mini_browser(), "args": ["--automation"]}
        opened = self._post("/session", capabilities={"alwaysMatch": {"webkitgtk:browserOptions": options}})
        self._session = f"/session/{opened['sessionId']}"
        self.owned.callback(self._send, "DELETE", "")
        self._post("/timeouts", script=PATIENCE_SECONDS * 1000, pageLoad=PATIENCE_SECONDS * 1000)

    def goto(self, url: str) -> None:
        self._post("/url", url=url)

    def back(self) -> None:
        self._post("/back")

    def evaluate(self, script: str, *values: object) -> Any:
        told = self._post("/execute/async", script=_CALL % script, args=[json.dumps(values)])
        if "error" in told:
            raise BrowserError(told["error"])
        return json.loads(told["value"])

    def click(self, css: str) -> None:
        find = f"return ({FIND})(arguments[0]) ?? null"
        found = until(lambda: self._post("/execute/sync", script=find, args=[css]), f"webkit: {css}")
        self._post("/execute/sync", script=SCROLL, args=[found])
        self._post(f"/element/{found[ELEMENT]}/click")

    def type(self, text: str) -> None:
        found = self._send("GET", "/element/active")
        self._post(f"/element/{found[ELEMENT]}/value", text=text)

    def choose_file(self, css: str, file: Path) -> None:
        found = self._post("/element", using="css selector", value=css)
        self._post(f"/element/{found[ELEMENT]}/value", text=str(file))

    def screenshot(self) -> bytes:
        return base64.b64decode(self._send("GET", "/screenshot"))

    def resize(self, width: int, height: int) -> None:
        self._post("/window/rect", x=0, y=0, width=width, height=height)

    def _is_ready(self) -> bool:
        try:
            return self._client.get("/status").is_success
        except httpx.TransportError:
            return False

    def _post(self, path: str, **body: object) -> Any:
        return self._send("POST", path, body)

    def _send(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        told = self._client.request(method, self._session + path, json=body).json()["value"]
        if isinstance(told, dict) and "error" in told and "message" in told:
            raise BrowserError(f"{path}: {told['error']}: {told['message']}")
        return told
