"""The long-running processes: the web server, the worker, and child processes that start and stop together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from gunicorn.app.base import BaseApplication

STOP_SECONDS = 4.0
POLL_SECONDS = 0.2
_PARENT = "MYPOLIS_PARENT"
_PR_SET_PDEATHSIG = 1


def serve(host: str, port: int) -> None:
    """Serve the portal until SIGTERM or SIGINT; ends in SystemExit."""
    WebServer(web_server_options(host, port)).run()


def web_server_options(host: str, port: int) -> dict[str, Any]:
    """Gunicorn's settings by name."""
    in_demo = settings.MYPOLIS.mode == "demo"
    return {
        "bind": f"{host}:{port}",
        "workers": settings.MYPOLIS.web_workers,
        "threads": settings.MYPOLIS.web_threads,
        "worker_class": "gthread",
        "preload_app": True,
        "graceful_timeout": 3 if in_demo else 30,
        "keepalive": 1 if in_demo else 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "limit_request_line": 4_094,
        "loglevel": "warning",
        "logger_class": "mypolis.foundation.web.monitoring.logs.GunicornLogger",
        "control_socket_disable": True,
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108
        # Gunicorn would trust these headers from local callers. Only MYPOLIS_TRUSTED_PROXIES decides who is trusted.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "secure_scheme_headers": {},
        "header_map": "drop",
        "proxy_protocol": "off",
    }


def share_metrics(home: Path) -> None:
    """Make all processes write metrics to one folder, and delete the files of dead processes.

    Call before importing `web.monitoring.metrics`.
    """
    folder = home / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        process = file.stem.rsplit("_", 1)[-1]
        if process.isdigit() and not Path("/proc", process).exists():
            file.unlink(missing_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def die_with_parent() -> None:
    """If a supervisor started this process: stop when the supervisor ends, even if it was killed (Linux)."""
    parent = os.environ.pop(_PARENT, "")
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit(1)


class Children:
    """Child processes that live and die together. Leaving the context stops all of them within a few seconds.

    `stopping` is an event shared with other code; it is set when everything should stop.
    """

    def __init__(self, environment: Mapping[str, str], stopping: threading.Event | None = None) -> None:
        self._environment = {**environment, _PARENT: str(os.getpid())}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stop = stopping or threading.Event()

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, *_error: object) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self._processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name: str, *command: str) -> int:
        """Run `mypolis <command>` as a child with this name; returns its process id."""
        # A process group of its own: Ctrl-C reaches us alone, and we stop the children gracefully. If the web server
        # got it too, it would kill its own workers after some seconds and log that memory may have run out.
        self._processes[name] = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "mypolis.cli", *command],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
        return self._processes[name].pid

    def dead(self) -> str | None:
        """The name of a child that has ended, if any."""
        return next((name for name, process in self._processes.items() if process.poll() is not None), None)

    def stop(self, *_signal: object) -> None:
        """Make `watch` return; a signal handler."""
        self._stop.set()

    def watch(self) -> str | None:
        """Wait until `stop` is called (returns None) or a child ends by itself (returns its name)."""
        while not self._stop.wait(POLL_SECONDS):
            if name := self.dead():
                # A supervisor may signal the children first, so let our own handler run before deciding.
                return None if self._stop.wait(POLL_SECONDS) else name
        return None


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn configured only from our code: no command line, no file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Load only our settings."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the portal's WSGI application."""
        from mypolis.wsgi import application  # noqa: PLC0415 - sets Django up

        return application
