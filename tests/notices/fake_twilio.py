"""A fake of Twilio's Messages resource: strict about credentials, form and callback. It signs its reports."""

import base64
import hashlib
import hmac
import json
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ACCOUNT, TOKEN = "AC" + "0" * 32, "twilio-auth-token"
CODES = {429: 20429, 401: 20003}


class FakeTwilio:
    """`taken` holds the forms in order. `moods` are its next responses: an HTTP status, or (status, error code)."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        self.moods: deque[int | tuple[int, int]] = deque()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fake.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def url(self, token: str = TOKEN) -> str:
        return f"twilio://{ACCOUNT}:{token}@127.0.0.1:{self._server.server_port}"

    @contextmanager
    def serving(self) -> Iterator["FakeTwilio"]:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        status, told = self._judge(request, body)
        content = json.dumps(told).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def _judge(self, request: BaseHTTPRequestHandler, body: str) -> tuple[int, dict[str, object]]:
        basic = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if request.headers["Authorization"] != f"Basic {basic}":
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        if self.moods:
            mood = self.moods.popleft()
            status, code = mood if isinstance(mood, tuple) else (mood, CODES.get(mood, 20500))
            return status, {"code": code, "message": "said so", "status": status}
        if request.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return 404, {"code": 20404, "status": 404}
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
        if not re.fullmatch(r"\+[1-9]\d{6,14}", form["To"]):
            return 400, {"code": 21211, "message": f"The 'To' number {form['To']} is not valid", "status": 400}
        if not re.fullmatch(r"[A-Za-z0-9 ]{1,11}|\+\d{3,15}", form["From"]):
            return 400, {"code": 21212, "status": 400}
        if not 1 <= len(form["Body"]) <= 1600:
            return 400, {"code": 21617, "status": 400}
        if "StatusCallback" in form and urlsplit(form["StatusCallback"]).scheme != "https":
            return 400, {"code": 21609, "status": 400}
        self.taken.append(form)
        return 201, {"sid": f"SM{len(self.taken):032x}", "status": "queued", "error_code": None}


def signed(url: str, fields: dict[str, str], token: str = TOKEN) -> str:
    """Compute the signature as Twilio's security page describes it."""
    text = url
    for name in sorted(fields):
        text += name + fields[name]
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
