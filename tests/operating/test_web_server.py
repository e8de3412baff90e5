"""A real gunicorn with our options and raw requests from this machine: it does not trust its callers."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.waiting import until

ECHO = """
import json, sys
import django
django.setup()
from mypolis.processes import WebServer, web_server_options

class Echo(WebServer):
    def load(self):
        def application(environ, start_response):
            told = json.dumps({key: value for key, value in environ.items() if isinstance(value, str)}).encode()
            start_response("200 OK", [("Content-Length", str(len(told)))])
            return [told]
        return application

Echo({**web_server_options("127.0.0.1", int(sys.argv[1])), "workers": 1, "preload_app": False}).run()
"""
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The local port of the server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mypolis.settings",
        "MYPOLIS_TRUSTED_PROXIES": "0",
        "FORWARDED_ALLOW_IPS": "*",  # gunicorn's own variable must not override our options
    }
    server = subprocess.Popen([sys.executable, "-c", ECHO, str(port)], env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _wait_for(port: int) -> None:
    def is_up() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    until(is_up)


def _ask(port: int, path: str, *headers: str) -> tuple[int, dict[str, Any]]:
    lines = [f"GET {path} HTTP/1.1", "Host: portal.example", "Connection: close", *headers, "", ""]
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as line:
        line.sendall("\r\n".join(lines).encode())
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    return status, json.loads(body) if status == 200 else {}


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script_Name", "PATH_INFO", "REMOTE_USER", "X_FORWARDED_PROTO"])
def test_a_header_never_becomes_a_variable_of_the_server(port: int, name: str) -> None:
    status, found = _ask(port, "/rs/healthz", f"{name}: /rs")
    assert status == 200
    assert (found["SCRIPT_NAME"], found["PATH_INFO"]) == ("", "/rs/healthz")
    assert "REMOTE_USER" not in found
    assert "HTTP_X_FORWARDED_PROTO" not in found


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Proto: https", "X-Forwarded-Protocol: ssl", "X-Forwarded-Ssl: on", "Forwarded: proto=https"]
)
def test_a_caller_cannot_claim_tls(port: int, header: str) -> None:
    status, found = _ask(port, "/", header)
    assert (status, found["wsgi.url_scheme"]) == (200, "http")


def test_callers_that_contradict_themselves_are_just_not_believed(port: int) -> None:
    status, found = _ask(port, "/", "X-Forwarded-Proto: https", "X-Forwarded-Ssl: off")
    assert (status, found["wsgi.url_scheme"]) == (200, "http")


def test_the_caller_s_address_is_the_peer_s(port: int) -> None:
    _status, found = _ask(port, "/", "X-Forwarded-For: 198.51.100.7", "REMOTE_ADDR: 198.51.100.7")
    assert found["REMOTE_ADDR"] == "127.0.0.1"


def test_the_proxy_protocol_is_not_spoken(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as line:
        line.sendall(b"PROXY TCP4 198.51.100.7 192.0.2.1 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = line.recv(65_536)
    assert b" 400 " in answer.split(b"\r\n")[0] + b" "
