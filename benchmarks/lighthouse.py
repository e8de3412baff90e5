"""`make lighthouse`: Lighthouse's scores of the pages that people see first, one JSON object per line.

It starts a separate demo. Chromium opens each page as a phone on a slow network (Lighthouse's mobile preset).
Lighthouse is a Node program; npm installs the version named here.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.demo import CHROMIUM, NotMeasured, cookies_of_a_member, running_demo
from benchmarks.figure import Figure

VERSION = "12.8.2"  # the last one for Node 20
ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / ".mypolis" / "lighthouse"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-sync --no-first-run"
GOALS = {"accessibility": 100, "best-practices": 100, "performance": 97, "seo": 97}
MARKETS = ("rs", "id", "ru")
TRIES = 3


def main() -> int:
    """Measure every page. Returns 0 if all goals are met, 1 if one is not or a tool is missing."""
    parser = argparse.ArgumentParser(prog="lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="how often each page is measured; the median counts")
    parser.add_argument("--reports", type=Path, help="a folder for Lighthouse's reports")
    asked = parser.parse_args()
    try:
        tool = _lighthouse()
        with TemporaryDirectory(prefix="mypolis-lighthouse-") as home, running_demo(Path(home)) as url:
            found = [_print(figure) for figure in _figures(tool, url, asked.runs, asked.reports)]
    except NotMeasured as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0 if all(figure.holds for figure in found) else 1


def _print(figure: Figure) -> Figure:
    print(figure.line(), flush=True)
    return figure


def _lighthouse() -> Path:
    """Return the program in the version above. Installs it if it is missing."""
    npm = shutil.which("npm")
    if npm is None or not Path(CHROMIUM).exists():
        raise NotMeasured("Lighthouse needs Node 20 or newer with npm, and Chromium: apt-get install npm chromium")
    package = TOOL / "node_modules" / "lighthouse" / "package.json"
    if not package.exists() or json.loads(package.read_text())["version"] != VERSION:
        TOOL.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
        subprocess.run([npm, "install", f"lighthouse@{VERSION}", *quiet], cwd=TOOL, check=True, stdout=sys.stderr)
    return TOOL / "node_modules" / ".bin" / "lighthouse"


def _figures(tool: Path, url: str, runs: int, reports: Path | None) -> Iterator[Figure]:
    for market in MARKETS:
        member = cookies_of_a_member(url, market)
        pages = {"landing": ("", ""), "register": ("register/", ""), "home": ("home/", member)}
        for page, (path, cookies) in pages.items():
            seen = [_visit(tool, f"{url}/{market}/{path}", cookies) for _run in range(runs)]
            if reports is not None:
                reports.mkdir(parents=True, exist_ok=True)
                (reports / f"{market}-{page}.json").write_text(json.dumps(seen[-1]))
            yield from (_figure(name, page, market, seen) for name in GOALS if _is_meant(name, page))


def _is_meant(category: str, page: str) -> bool:
    """Whether the score makes sense: members' own pages exclude search engines, so they have no SEO score."""
    return category != "seo" or page != "home"


def _figure(category: str, page: str, market: str, seen: list[dict[str, Any]]) -> Figure:
    return Figure(
        name=f"lighthouse.{page}.{category}.{market}",
        value=round(median(look["categories"][category]["score"] for look in seen) * 100),
        unit="points",
        goal=GOALS[category],
        runs=len(seen),
        of="median",
        note=f"Lighthouse {VERSION}, mobile. Below 90: {', '.join(_faults(seen[-1], category)) or 'nothing'}",
        more=True,
    )


def _faults(report: dict[str, Any], category: str) -> list[str]:
    counted = [part["id"] for part in report["categories"][category]["auditRefs"] if part["weight"]]
    audits = [report["audits"][name] for name in counted]
    return [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 0.9]


def _visit(tool: Path, address: str, cookies: str) -> dict[str, Any]:
    """Run Lighthouse once and return its report. Tries again if Chromium lost the trace, which happens rarely."""
    headers = ["--extra-headers", json.dumps({"Cookie": cookies})] if cookies else []
    options = ["--quiet", "--output=json", f"--only-categories={','.join(GOALS)}", f"--chrome-flags={FLAGS}", *headers]
    said = ""
    for _try in range(TRIES):
        done = subprocess.run(
            [tool, address, *options],
            env={**os.environ, "CHROME_PATH": CHROMIUM},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        report: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
        if report and not report.get("runtimeError"):
            return report
        said = report["runtimeError"]["message"] if report else done.stderr[-500:]
    raise NotMeasured(f"Lighthouse failed at {address}: {said}")


if __name__ == "__main__":
    sys.exit(main())
