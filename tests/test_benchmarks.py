"""The output of `make bench`: only JSON lines in the agreed format. These tests never check speed."""

import json
import subprocess
import sys
from itertools import chain, repeat
from typing import Any

import pytest

from benchmarks.figure import Figure, compare
from tests.house.places import ROOT

pytestmark = pytest.mark.xdist_group("benchmarks")  # only one run at a time can use the benchmarks' environment

KEYS = ["name", "value", "unit", "goal", "holds", "runs", "of", "note"]
NAMES = {
    "signin": ["signin.hashes", "signin.rest_over_django", "signin.rate_over_django", "signin.rate_over_allauth"],
    "journey": ["journey.get_over_view", "journey.post_over_view"],
    "cover.search": [f"cover.search_top1.{language}" for language in ("sr-latn", "id", "ru", "en")],
    "cover.page": ["cover.page_1m_over_1k"],
    "identity": [
        *(f"identity.timing_auc.{journey}" for journey in ("register", "signin", "recover")),
        "identity.guesses_per_window",
    ],
    "upload.malicious": ["upload.malicious_stored"],
    "upload": ["upload.over_raw", "upload.rss_mib", "upload.malicious_stored"],
    "card": ["card.verify_over_view"],
    "claims.adjudicate": ["claims.adjudicate_over_io", "claims.adjudicate_over_django"],
    "claims.list": ["claims.list_1m_over_1k"],
    "desk.queue": ["desk.queue_1m_over_1k"],
    "desk.search": ["desk.search_1m_over_1k"],
    "desk.export": ["desk.export_beside_over_quiet", "desk.export_mib"],
    "register": [f"register.first_visit_kb.{market}" for market in ("rs", "id", "ru")],
}
THAT_FILL_TABLES = ("claims.adjudicate", "claims.list", "desk.queue", "desk.search", "desk.export")
"""Those with many columns in queries of their own, which every migration can break."""


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the benchmarks as `make bench` does."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def figure(**changes: Any) -> Figure:
    """Return a figure of three runs."""
    given = {"name": "a.b", "value": 2.0, "unit": "ratio", "goal": 3, "runs": 3, "of": "median", "note": "", **changes}
    return Figure(**given)


def test_a_benchmark_that_does_not_exist_is_told():
    told = bench("nothing")
    assert (told.returncode, told.stdout) == (2, "")
    assert "no benchmark 'nothing'" in told.stderr


@pytest.mark.parametrize(
    "group", [pytest.param(group, marks=[] if group in THAT_FILL_TABLES else pytest.mark.long) for group in NAMES]
)
def test_each_line_is_one_figure_with_the_contracts_keys(group: str):
    done = bench(group, "--runs", "1", "--smoke")
    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert [found["name"] for found in figures] == NAMES[group]
    assert [list(found) for found in figures] == [KEYS] * len(NAMES[group])
    assert {type(found["holds"]) for found in figures} == {bool}
    assert all(found["note"] and found["value"] >= 0 for found in figures)
    assert all(found["value"] == 1 for found in figures if found["name"] == "signin.hashes")


@pytest.mark.long
def test_every_check_of_a_card_is_noted_however_many_there_are():
    done = bench("card", "--runs", "4")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["runs"] == 4


@pytest.mark.long
def test_a_short_soak_tells_of_the_journeys_and_of_both_processes():
    command = [sys.executable, "-m", "benchmarks.soak", "--minutes", "0.1", "--rate", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    load, web, worker = (json.loads(line) for line in done.stdout.splitlines())
    assert load["journeys"] > 0
    assert (web["process"], worker["process"]) == ("web", "worker")


@pytest.mark.parametrize(("value", "exact", "holds"), [(3, False, True), (3.1, False, False), (2, True, False)])
def test_a_goal_holds_up_to_its_value_or_at_it(value: float, exact: bool, holds: bool):
    assert figure(value=value, exact=exact).holds is holds
    assert json.loads(figure(value=value, exact=exact).line())["holds"] is holds


@pytest.mark.parametrize(("value", "holds"), [(3, True), (3.1, True), (2.9, False)])
def test_a_goal_of_more_holds_from_its_value_on(value: float, holds: bool):
    assert figure(value=value, more=True).holds is holds
    assert "more" not in json.loads(figure(value=value, more=True).line())


def test_both_sides_run_in_turn_and_their_medians_are_compared():
    order: list[str] = []
    seconds = chain([9.0], [6.0, 100.0, 5.0], repeat(6.0))

    def ours() -> float:
        order.append("ours")
        return next(seconds)

    def theirs() -> float:
        order.append("theirs")
        return 3.0

    found = compare(ours, theirs, runs=3, times=3)
    assert order == ["ours", "theirs"] + (["ours"] * 3 + ["theirs"] * 3) * 3
    assert (found.ours, found.theirs, found.ratio) == (6.0, 3.0, 2.0)
