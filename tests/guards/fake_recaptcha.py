"""A fake of Google's reCAPTCHA v3: a script that gives tokens, and a check that accepts each token once.

Like Google, it refuses a check that is not a form, has other fields, or has another secret.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SITE_KEY, SECRET_KEY = "6Lsite-key", "6Lsecret-key"
SCRIPT = """
  window.grecaptcha = {
    ready: (then) => then(),
    execute: async (key, { action }) => {
      const answer = await fetch(`%s/token?key=${key}&action=${encodeURIComponent(action)}`);
      return answer.text();
    },
  };
"""


class FakeRecaptcha:
    """`moods` are its next responses to checks: a status, "slow", "no json", or changed members of the response."""

    def __init__(self, hostname: str = "portal.example") -> None:
        self.hostname = hostname
        self.tokens: dict[str, str] = {}  # their actions
        self.checks: list[str] = []
        self.faults: list[str] = []
        self.moods: deque[int | str | dict[str, Any]] = deque()
        self.slowness = 0.5
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                fake.serve(self)

            def do_POST(self) -> None:
                fake.check(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/recaptcha"

    @property
    def settings(self) -> dict[str, object]:
        """The settings of a deployment that uses it."""
        return {
            "recaptcha_site_key": SITE_KEY,
            "recaptcha_secret_key": SECRET_KEY,
            "recaptcha_script_url": f"{self.url}/api.js",
            "recaptcha_verify_url": f"{self.url}/api/siteverify",
        }

    @contextmanager
    def serving(self) -> Iterator["FakeRecaptcha"]:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def token(self, action: str) -> str:
        """Return a token, as the script does."""
        token = f"03AFcWeA{len(self.tokens):04}" + "x" * 1_500
        self.tokens[token] = action
        return token

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        """Serve the script and its requests."""
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/recaptcha/api.js" and query == {"render": SITE_KEY}:
            _reply(request, 200, (SCRIPT % self.url).encode(), "text/javascript")
        elif parts.path == "/recaptcha/token" and query.get("key") == SITE_KEY:
            _reply(request, 200, self.token(query["action"]).encode(), "text/plain")
        else:
            self.faults.append(request.path)
            _reply(request, 400)

    def check(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one siteverify request."""
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        mood = self.moods.popleft() if self.moods else None
        if mood == "slow":
            time.sleep(self.slowness)
        if isinstance(mood, int):
            return _reply(request, mood)
        if mood == "no json":
            return _reply(request, 200, b"<html>")
        if request.path != "/recaptcha/api/siteverify":
            self.faults.append(request.path)
        found = self._judged(request.headers["Content-Type"], body) | (mood if isinstance(mood, dict) else {})
        return _reply(request, 200, json.dumps(found).encode())

    def _judged(self, kind: str, body: str) -> dict[str, Any]:
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        if kind != "application/x-www-form-urlencoded" or form.keys() != {"secret", "response"}:
            self.faults.append(body)
            return {"success": False, "error-codes": ["bad-request"]}
        if form["secret"] != SECRET_KEY:
            return {"success": False, "error-codes": ["invalid-input-secret"]}
        token = form["response"]
        self.checks.append(token)
        if token not in self.tokens:
            return {"success": False, "error-codes": ["invalid-input-response"]}
        if self.checks.count(token) > 1:
            return {"success": False, "error-codes": ["timeout-or-duplicate"]}
        about = {"challenge_ts": "2026-11-24T12:00:00Z", "hostname": self.hostname, "action": self.tokens[token]}
        return {"success": True, "score": 0.9, **about}


def _reply(request: BaseHTTPRequestHandler, status: int, body: bytes = b"{}", kind: str = "application/json") -> None:
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    request.send_header("Access-Control-Allow-Origin", "*")
    request.end_headers()
    request.wfile.write(body)
