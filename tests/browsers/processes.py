"""The browsers' processes, and programs that they need: each runs for one test run and ends with all its children."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

END_SECONDS = 60


@contextmanager
def running(
    command: Sequence[str], log: Path, *, environment: Mapping[str, str] | None = None, hand_over: Sequence[int] = ()
) -> Iterator[None]:
    """Run a program in the block, with its output in `log`. It inherits the file descriptors `hand_over`."""
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=hand_over,
            start_new_session=True,
        )
    try:
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def screen(folder: Path, *, size: str) -> Iterator[str]:
    """Run a virtual screen, for a program that needs one; yields the value of `DISPLAY`."""
    ours, its = os.pipe()
    command = ["Xvfb", "-displayfd", str(its), "-screen", "0", f"{size}x24", "-nolisten", "tcp"]
    with os.fdopen(ours) as told, running(command, folder / "screen.log", hand_over=[its]):
        os.close(its)
        number = told.readline().strip()
        assert number, (folder / "screen.log").read_text()
        yield f":{number}"
