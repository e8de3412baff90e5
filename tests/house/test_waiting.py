"""No test waits a fixed time: on a slow machine it is too short, and on a fast one it costs everybody's time.

Wait for what you need: `tests.waiting.until`, an `Event`, or Playwright's `expect` and `expect_request`.
"""

import ast

from tests.house.places import assert_none, modules, name, tree

WAITS = {"sleep", "wait_for_timeout"}
MAY_WAIT = {
    "tests/waiting.py": "the place to wait",
    "tests/clock.py": "until midnight is over",
    "tests/house/test_property_tests.py": "slow examples are what it tests",
    "tests/browsers/browser.py": "asks a browser that may not answer yet",
    "tests/e2e/walking/browsing.py": "a person without script waits before a form counts",
    "tests/guards/fake_recaptcha.py": "a slow partner",
    "tests/notices/fake_gateway.py": "a slow partner",
}
# `make faults` disturbs a running portal at random moments.
OF_ITS_OWN = "tests/faults/"
# What must not happen gives no sign to wait for.
NOTHING_HAPPENS = {"tests/e2e/cards/test_card.py": 3}


def test_no_test_waits_a_fixed_time() -> None:
    found = {name(path): waits(tree(path)) for path in modules("tests")}
    assert_none(
        f"{path}:{line} waits a fixed time"
        for path, lines in found.items()
        if path not in MAY_WAIT and not path.startswith(OF_ITS_OWN)
        for line in lines[NOTHING_HAPPENS.get(path, 0) :]
    )


def test_every_exception_is_needed() -> None:
    found = {name(path): len(waits(tree(path))) for path in modules("tests")}
    assert_none(path for path in MAY_WAIT if not found.get(path))
    assert {path: found.get(path) for path in NOTHING_HAPPENS} == NOTHING_HAPPENS


def test_the_rule_finds_every_way_to_wait() -> None:
    text = "time.sleep(1)\nsleep(2)\nawait asyncio.sleep(3)\npage.wait_for_timeout(4)\nevent.wait(5)"
    assert waits(ast.parse(text)) == [1, 2, 3, 4]


def waits(module: ast.Module) -> list[int]:
    """The lines on which something waits a fixed time."""
    calls = (node for node in ast.walk(module) if isinstance(node, ast.Call))
    return sorted(call.lineno for call in calls if _called(call.func) in WAITS)


def _called(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))
