"""Firefox, driven by WebDriver BiDi: Firefox itself speaks it over a web socket, without a driver."""

import base64
import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.browsers.browser import FIND, PATIENCE_SECONDS, Browser, BrowserError, until
from tests.browsers.processes import running

COMMAND = "firefox-esr"
PREFERENCES: dict[str, str | int | bool] = {
    "intl.accept_languages": "sr-Latn-RS,id,ru",  # no market has more than one entry here
    "ui.useOverlayScrollbars": 1,  # as on a phone, where they need no width
    "remote.active-protocols": 1,  # only BiDi
    "browser.startup.page": 0,
    "browser.shell.checkDefaultBrowser": False,
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "signon.rememberSignons": False,
}
_LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


class Connection:
    """One web socket to Firefox. It sends one command at a time, and keeps the pages' errors by tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.complaints: dict[str, list[str]] = {}

    def ask(self, method: str, **parameters: object) -> Any:
        """Send a command and return its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv(timeout=PATIENCE_SECONDS))
            if told.get("id") == number:
                break
            self._keep(told)
        if told["type"] == "error":
            raise BrowserError(f"{method}: {told['error']}: {told['message']}")
        return told["result"]

    def _keep(self, told: dict[str, Any]) -> None:
        event = told.get("params", {})
        if told.get("method") == "log.entryAdded" and event["level"] in ("warn", "error"):
            tab, complaint = event["source"].get("context", ""), f"{event['level']}: {event['text']}"
        elif told.get("method") == "network.beforeRequestSent":
            tab, complaint = event["context"] or "", event["request"]["url"]
            if complaint.startswith(("http://localhost:", "data:", "about:", "blob:")):
                return
        else:
            return
        self.complaints.setdefault(tab, []).append(complaint)


@contextmanager
def running_firefox(folder: Path) -> Iterator[Connection]:
    """Run Firefox without a window and with a new profile in the block."""
    profile, log = folder / "profile", folder / "firefox.log"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("".join(lines))
    command = [COMMAND, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with running(command, log):
        (address,) = until(lambda: _LISTENS.findall(log.read_text()), "Firefox to listen")
        with connect(f"{address}/session", max_size=None, compression=None, open_timeout=PATIENCE_SECONDS) as socket:
            connection = Connection(socket)
            connection.ask("session.new", capabilities={})
            connection.ask("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
            yield connection
            connection.ask("browser.close")


class Firefox(Browser):
    """One tab in a separate container, so that it shares no cookies with other tabs of the same Firefox."""

    name = "firefox"

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._ask = connection.ask
        self._complaints = connection.complaints
        self._container = self._ask("browser.createUserContext")["userContext"]
        self.owned.callback(self._ask, "browser.removeUserContext", userContext=self._container)
        self._tab = self._ask("browsingContext.create", type="tab", userContext=self._container)["context"]

    def goto(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def back(self) -> None:
        self._ask("browsingContext.traverseHistory", context=self._tab, delta=-1)

    def evaluate(self, script: str, *values: object) -> Any:
        call = f"async (values) => JSON.stringify((await ({script})(...JSON.parse(values))) ?? null)"
        told = self._call(call, json.dumps(values))
        return json.loads(told["value"])

    def click(self, css: str) -> None:
        element = until(lambda: self._call(FIND, css).get("sharedId"), f"firefox: {css}")
        self.evaluate("css => (" + FIND + ")(css).scrollIntoView({ block: 'center', behavior: 'instant' })", css)
        origin = {"type": "element", "element": {"sharedId": element}}
        moves = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": moves})

    def type(self, text: str) -> None:
        keys = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": keys})

    def choose_file(self, css: str, file: Path) -> None:
        element = self._call("css => document.querySelector(css)", css)["sharedId"]
        self._ask("input.setFiles", context=self._tab, element={"sharedId": element}, files=[str(file)])

    def screenshot(self) -> bytes:
        return base64.b64decode(self._ask("browsingContext.captureScreenshot", context=self._tab)["data"])

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self._ask("browsingContext.setViewport", context=self._tab, viewport=size, devicePixelRatio=2)

    def faults(self) -> list[str]:
        self.evaluate("() => 0")  # receives what waits in the socket
        return [fault for fault in self._complaints.pop(self._tab, []) if not _STATUS.search(fault)]

    def _call(self, function: str, value: str) -> Any:
        told = self._ask(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": value}],
            target={"context": self._tab},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise BrowserError(told["exceptionDetails"]["text"])
        return told["result"]

    def _act(self, source: dict[str, object]) -> None:
        self._ask("input.performActions", context=self._tab, actions=[source])
