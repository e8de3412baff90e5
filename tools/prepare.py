"""Prepares the checkout: finds a Python, installs a pinned uv, and makes a `.venv` with exactly `requirements.lock`.

Runs on any Python from 3.9, with only the standard library, before anything is installed. If no Python is new enough,
uv downloads one. All output goes to standard error. Exits with 0 when ready, or with 1 after a sentence that says what
is missing and how to get it.
"""
# ruff: noqa: S603 - our own commands, no shell

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
STAMP = VENV / "prepared.json"
UV_VENV = ROOT / ".uv"
UV = UV_VENV / "bin" / "uv"
UV_VERSION = "0.13.8"
PYTHON_VERSION = "3.13.18"  # downloaded if none is found; this version of uv knows its hash and checks it
OLDEST_PYTHON = (3, 12)
NEWEST_PYTHON = (3, 14)
CHROMIUM = Path("/usr/bin/chromium")
CLAMD = Path("/usr/sbin/clamd")

# In a virtual environment this prints the base Python, which remains if the environment is deleted.
ASK_VERSION = "import sys; print(*sys.version_info[:2], getattr(sys, '_base_executable', sys.executable))"
PYTHON_MISSING = (
    "Python 3.12 or newer is missing (searched PATH, pyenv and uv): install one, for example with "
    "`apt-get install python3.13`, `pyenv install 3.13` or `uv python install 3.13`, and run this again."
)
VENV_MISSING = "Python's venv module is missing: run `apt-get install python3-venv` as root, and run this again."
CHROMIUM_MISSING = (
    "Chromium is missing at /usr/bin/chromium, and the browser tests need it: "
    "run `sudo apt-get install chromium`, and run this again."
)
SCANNER_MISSING = (
    "ClamAV's daemon is missing, and the tests of uploads need it: "
    "run `sudo apt-get install --no-install-recommends clamav-daemon`, and run this again."
)
FAKETIME_MISSING = "`make calendar` needs faketime: run `sudo apt-get install faketime`, and run this again."

OTHER_BROWSERS = {"firefox-esr": "firefox-esr", "WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}
"""The Debian package of each program."""
OTHER_BROWSERS_MISSING = (
    "`make browsers` needs Firefox, WebKit's driver and Xvfb: "
    f"run `sudo apt-get install {' '.join(OTHER_BROWSERS.values())}`, and run this again."
)


class NotReadyError(Exception):
    """The checkout cannot be prepared; the text is one sentence for the person at the terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Prepare the checkout.")
    parser.add_argument("--browser", action="store_true", help="also make sure that Chromium is installed")
    parser.add_argument("--scanner", action="store_true", help="also make sure that ClamAV's daemon is installed")
    parser.add_argument("--faketime", action="store_true", help="also make sure that faketime is installed")
    parser.add_argument(
        "--other-browsers", action="store_true", help="also make sure that Firefox and WebKit are installed"
    )
    parser.add_argument("--lock", nargs="*", metavar="OPTION", help="only update requirements.lock; OPTIONs are for uv")
    options, for_uv = parser.parse_known_args(arguments)
    try:
        with open(__file__) as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # two runs at once must not build the same folder
            if options.lock is not None:
                refresh_lock([*options.lock, *for_uv])
            elif for_uv:
                parser.error(f"unknown: {' '.join(for_uv)}")
            else:
                install_programs(options)
                prepare()
    except NotReadyError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def install_programs(options: argparse.Namespace) -> None:
    if options.browser and not CHROMIUM.exists():
        install_from_debian("chromium", missing=CHROMIUM_MISSING)
    if options.scanner and not CLAMD.exists():
        install_from_debian("clamav-daemon", missing=SCANNER_MISSING)
    if options.faketime and not shutil.which("faketime"):
        install_from_debian("faketime", missing=FAKETIME_MISSING)
    if options.other_browsers and not all(shutil.which(program) for program in OTHER_BROWSERS):
        install_from_debian(*OTHER_BROWSERS.values(), missing=OTHER_BROWSERS_MISSING)


def prepare() -> None:
    if not is_ready():
        base = None if venv_is_usable() else find_python() or download_python()
        install_uv()
        install_project(base)


def refresh_lock(options: Sequence[str]) -> None:
    install_uv()
    fixed = (
        "--universal --generate-hashes --no-emit-index-url --no-header --extra smpp --group dev --python-version 3.12"
    )
    uv("pip", "compile", *fixed.split(), *options, "--quiet", "pyproject.toml", "-o", LOCK.name)
    say(f"{LOCK.name} is up to date.")


def is_ready() -> bool:
    """Whether `.venv` was made here from the current files, and its Python still exists."""
    return (VENV / "bin" / "python").exists() and read_stamp() == wanted_stamp()


def read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def wanted_stamp() -> dict[str, str]:
    digest = hashlib.sha256(LOCK.read_bytes() + PROJECT.read_bytes() + UV_VERSION.encode())
    return {"root": str(ROOT), "inputs": digest.hexdigest()}  # the `.venv` of a moved checkout contains wrong paths


def venv_is_usable() -> bool:
    """Whether `.venv` was made in this place and its Python still runs, so that it only needs other packages."""
    moved = read_stamp().get("root", str(ROOT)) != str(ROOT)
    return not moved and ask(str(VENV / "bin" / "python"))[0] >= OLDEST_PYTHON


def install_project(base: str | None) -> None:
    """Install in `.venv` what the lock names. With `base`, first make a new `.venv` from this Python."""
    if base is not None:
        say(f"Making .venv with {base} ...")
        uv("venv", "--quiet", "--clear", "--no-python-downloads", "--python", base, str(VENV))
    STAMP.unlink(missing_ok=True)
    python = str(VENV / "bin" / "python")
    say("Installing the packages of requirements.lock ...")
    uv("pip", "sync", "--quiet", "--python", python, "--require-hashes", LOCK.name)
    uv("pip", "install", "--quiet", "--python", python, "--no-deps", "--editable", ".")
    STAMP.write_text(json.dumps(wanted_stamp()))


def install_uv() -> None:
    if output_of(str(UV), "--version").startswith(f"uv {UV_VERSION}"):
        return
    say(f"Installing uv {UV_VERSION} ...")
    run(find_python_with_venv(), "-m", "venv", "--clear", str(UV_VENV))
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"uv=={UV_VERSION}"]
    run(str(UV_VENV / "bin" / "python"), *pip)


def find_python() -> str:
    """Return the path of a Python that is new enough and runs; "" if there is none."""
    for candidate in possible_pythons():
        version, executable = ask(candidate)
        if version >= OLDEST_PYTHON:
            return executable
    return ""


def download_python() -> str:
    """Download the pinned Python with uv, and return its path. The next run finds it in uv's own folder."""
    say("No Python 3.12 or newer found on PATH, in pyenv or in uv.")
    try:
        install_uv()
        say(f"Downloading Python {PYTHON_VERSION} (this version is pinned) with uv, into uv's own folder ...")
        uv("python", "install", "--no-bin", PYTHON_VERSION)
    except NotReadyError as error:
        if str(error) == VENV_MISSING:  # then we can install uv, and uv can download a Python
            raise
        say(str(error))
        raise NotReadyError(PYTHON_MISSING) from error
    version, executable = ask(uv_python("--managed-python", PYTHON_VERSION))
    if version < OLDEST_PYTHON:
        raise NotReadyError(PYTHON_MISSING)
    return executable


def find_python_with_venv() -> str:
    """Return the path of any Python that can make an environment with pip. Debian's may lack the venv module."""
    for candidate in (sys.executable, *possible_pythons()):
        _, executable = ask(candidate, "import ensurepip, venv; ")
        if executable:
            return executable
    raise NotReadyError(VENV_MISSING)


def possible_pythons() -> Iterator[str]:
    for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            yield found
    yield sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from (str(folder / "bin" / "python") for folder in sorted_versions(pyenv / "versions"))
    for tool in (shutil.which("uv") or "", str(UV)):
        yield uv_python("--system", ">=3.12", tool=tool)


def uv_python(*wanted: str, tool: str = str(UV)) -> str:
    """Return the path of an installed Python that uv knows; "" if there is none."""
    return output_of(tool, "python", "find", "--no-python-downloads", *wanted)


def sorted_versions(folder: Path) -> list[Path]:
    """Return subfolders named like 3.13.0, newest first, without others (virtual environments, PyPy)."""
    numbered = [path for path in folder.glob("3.*.*") if path.name.replace(".", "").isdigit()]
    return sorted(numbered, key=lambda path: [int(part) for part in path.name.split(".")], reverse=True)


def ask(python: str, imports: str = "") -> tuple[tuple[int, int], str]:
    """Run a Python, and return its version and real path; (0, 0) and "" if it fails, as a pyenv shim may."""
    answer = output_of(python, "-c", imports + ASK_VERSION)
    if not answer:
        return (0, 0), ""
    major, minor, executable = answer.split(" ", 2)
    return (int(major), int(minor)), executable


def install_from_debian(*packages: str, missing: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NotReadyError(missing)
    say(f"Installing {' '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=environment)
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=environment)


def uv(*arguments: str) -> None:
    # Use the system's certificates, as pip does: they include those of a company's proxy, which uv's own do not.
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1"}
    environment.pop("VIRTUAL_ENV", None)
    run(str(UV), *arguments, env=environment)


def run(*command: str, env: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    except OSError as error:
        raise NotReadyError(f"`{command[0]}` cannot be run: {error}.") from error
    if done.returncode:
        raise NotReadyError(f"`{' '.join(command)}` failed (exit {done.returncode}); its output is above.")


def output_of(*command: str) -> str:
    """Return a command's standard output without the final line break; "" if it fails."""
    try:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
