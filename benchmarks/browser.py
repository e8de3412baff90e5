"""A browser without a network: it calls a WSGI application as a real browser would, and keeps cookies."""

import gzip
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import brotli

from benchmarks.hashes import HASHES

type Application = Callable[..., Iterable[bytes]]

HOST = "portal.example"
_UNPACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress}


@dataclass(frozen=True)
class Answer:
    """A response. `seconds` is its processor time without password hashing, `hashing` that of password hashing, and
    `waited` the elapsed time."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    seconds: float
    waited: float
    hashing: float = 0.0

    def header(self, name: str) -> str:
        """Return the value of a header; "" if it is missing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def expect(self, status: int) -> "Answer":
        """Return this response. Raises RuntimeError for another status, because we then measured something else."""
        if self.status != status:
            raise RuntimeError(f"{self.status} instead of {status}: {self.body[:200]!r}")
        return self

    def text(self) -> str:
        """The body, decompressed."""
        return _UNPACK.get(self.header("Content-Encoding"), bytes)(self.body).decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text())

    @property
    def whole(self) -> float:
        """The processor time, including hashing."""
        return self.seconds + self.hashing

    @property
    def sent(self) -> int:
        """The bytes of the response on an HTTP/1.1 connection: status line, headers and body."""
        head = sum(len(key) + len(value) + 4 for key, value in self.headers)
        return len("HTTP/1.1 200 OK\r\n") + head + len("\r\n") + len(self.body)


class Browser:
    """One visitor of an application that uses https; with a `bearer` token, a program."""

    def __init__(self, application: Application, *, bearer: str = "") -> None:
        self._application, self._bearer = application, bearer
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Fetch a URL."""
        return self._ask("GET", path, b"", "")

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form with the CSRF token from the cookie, which an earlier page of this visit set."""
        token = next((value for name, value in self.cookies.items() if "csrf" in name), "")
        body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded")

    def post_json(self, path: str, document: object) -> Answer:
        """Send a JSON document."""
        return self._ask("POST", path, json.dumps(document).encode(), "application/json")

    def forget(self, name: str) -> None:
        """Delete the cookies whose names contain this word, as if they had expired."""
        self.cookies = {key: value for key, value in self.cookies.items() if name not in key}

    def _ask(self, method: str, path: str, body: bytes, content_type: str) -> Answer:
        environ = self._environ(method, path, body, content_type)
        head: list[Any] = []
        hashing, began, clock = HASHES.seconds, time.process_time(), time.perf_counter()
        result = self._application(environ, lambda status, headers, *_error: head.extend((status, headers)))
        try:
            content = b"".join(result)
        finally:
            result.close()  # type: ignore[attr-defined]  # returns the database connection, as a server would
        waited = time.perf_counter() - clock
        hashing = HASHES.seconds - hashing
        seconds = time.process_time() - began - hashing
        status, headers = head
        self._keep_cookies(headers)
        return Answer(int(status.split()[0]), headers, content, seconds, waited, hashing)

    def _environ(self, method: str, path: str, body: bytes, content_type: str) -> dict[str, Any]:
        address, _mark, query = path.partition("?")
        token = {"HTTP_AUTHORIZATION": f"Bearer {self._bearer}"} if self._bearer else {}
        return token | {
            "REQUEST_METHOD": method,
            "PATH_INFO": address.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": HOST,
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.7",
            "HTTP_HOST": HOST,
            "HTTP_ORIGIN": f"https://{HOST}",
            "HTTP_ACCEPT": "text/html,*/*",
            "HTTP_ACCEPT_ENCODING": "gzip, br",
            "HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) Benchmark",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def _keep_cookies(self, headers: list[tuple[str, str]]) -> None:
        for name, value in headers:
            if name.lower() != "set-cookie":
                continue
            for key, morsel in SimpleCookie(value).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(key, None)
                else:
                    self.cookies[key] = morsel.value
