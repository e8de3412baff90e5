"""Red means an error or danger, and is never the only sign: a shape and a word say the same."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.loader import render_to_string

from tests.house.places import PACKAGE, assert_none, modules, name, pages, tree

STYLES = sorted((PACKAGE / "foundation" / "web" / "styles" / "components").glob("*.css"))
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RED = re.compile(r"var\(--(?:bad|red)\b")
# These may be red: errors and their fields, buttons that delete, and help in an emergency.
MAY = re.compile(
    r"\.errors\b|\.field-error\b|\.field-wrong\b|\[aria-invalid=true\]|\[data-met=false\]"
    r"|\.button-danger\b|\.urgent\.tone-bad\b|\.upload\[data-state=(?:refused|tooLarge)\]"
)
# A component that gets a kind which is red, by an include or by its own tag.
DRAWN = re.compile(r'\{%\s*(?:include\s+"(?:\w+/)*)?(?!if|elif)(\w+)(?:\.html")?\s[^%]*"(bad|danger)"')
MAY_BE_BAD = {("notice", "bad"), ("button", "danger")}
WRITES_THE_CLASS = {"emergencies/help.html", "web/design/foundations.html"}  # an emergency; the palette for developers


def test_only_errors_and_danger_are_red_in_the_styles() -> None:
    assert_none(
        f"{name(path)}: {selector.strip()}"
        for path in STYLES
        for selector, body in RULE.findall(COMMENT.sub("", path.read_text()))
        if RED.search(body) and not MAY.search(selector)
    )


def test_only_notices_of_errors_and_dangerous_buttons_ask_for_it() -> None:
    assert_none(
        f"{name(path)}: {component} with kind={kind}"
        for path in pages()
        for component, kind in DRAWN.findall(path.read_text())
        if (component, kind) not in MAY_BE_BAD
    )


def test_nothing_else_writes_the_class_by_itself() -> None:
    written = re.compile(r"tone-bad|%\}bad\{%|button-danger")
    assert_none(
        name(path)
        for path in pages()
        if written.search(path.read_text()) and path.as_posix().rpartition("/templates/")[2] not in WRITES_THE_CLASS
    )


def test_no_module_calls_anything_bad() -> None:
    assert_none(
        f"{name(path)}:{line}: a state that is no error is warn" for path in modules("src") for line in _bad(path)
    )


def test_a_button_that_destroys_is_known_by_its_icon() -> None:
    for more in ({}, {"url": "/x/"}):
        assert "#alert" in render_to_string("web/components/button.html", {"label": "Remove", "kind": "danger", **more})
    assert "<svg" not in render_to_string("web/components/button.html", {"label": "Keep"})


def test_an_error_has_a_shape_and_a_word_besides_its_colour() -> None:
    notice = render_to_string("web/components/notice.html", {"kind": "bad", "text": "It stopped."})
    assert "#alert" in notice
    for template in ("web/components/error_summary.html", "web/fields/error.html"):
        text = (PACKAGE / "foundation" / "web" / "templates" / template).read_text()
        assert '{% icon "alert" %}' in text
        assert re.search(r'translate "(?:There is a problem|Error:)"', text)
    styles = "".join(path.read_text() for path in STYLES)
    for block in (".errors", ".field-wrong"):
        assert re.search(rf"{re.escape(block)} \{{[^}}]*border-inline-start: ", styles), f"{block} has no bar"


def _bad(path: Path) -> Iterator[int]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and node.value == "bad":
            yield node.lineno
