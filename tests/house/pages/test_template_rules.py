"""Rules for every template: nothing inline, nothing from other sites, one base template, every word translated."""

import re
from pathlib import Path

from mypolis.foundation.rooms import all_rooms, extensions
from tests.house.pages.template_text import look_at
from tests.house.places import EMAIL_LAYOUT, PACKAGE, assert_none, name, pages

MOST_CHARACTERS = 120
SAMPLES = "src/mypolis/foundation/web/templates/web/design/"  # its words are samples, which only developers see
UNTRANSLATED = {"MyPolis", "en", "Ctrl"}  # the last as keyboards show it
INCLUDED = re.compile(r"""\{%\s*include\s+["']([^"']+)["']""")
EXTENDED = re.compile(r"""\{%\s*extends\s+["']([^"']+)["']""")
FOREIGN = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/(?:2000/svg|1999/xlink))[\w-]+\.[\w.-]+""")


def test_no_template_has_inline_script_or_style() -> None:
    inline = [
        f"{name(path)}: <{tag}> {problem}"
        for path in pages()
        for tag, attributes in look_at(path.read_text()).elements
        for problem in _inline(tag, attributes)
    ]
    assert_none(inline)


def test_nothing_is_loaded_from_elsewhere() -> None:
    static = [path for kind in ("css", "js", "svg") for path in sorted(PACKAGE.rglob(f"static/**/*.{kind}"))]
    foreign = [
        f"{name(path)}: {address}"
        for path in [*pages(), EMAIL_LAYOUT, *static]
        for address in FOREIGN.findall(path.read_text())
    ]
    assert_none(foreign)


def test_no_line_of_a_template_is_too_long() -> None:
    templates = [path for kind in ("html", "txt") for path in sorted(PACKAGE.rglob(f"templates/**/*.{kind}"))]
    assert len(templates) > 100
    assert_none(
        f"{name(path)}:{number} has {len(line)} characters"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > MOST_CHARACTERS
    )


def test_every_page_stands_in_the_one_frame() -> None:
    by_name = {_template_name(path): path.read_text() for path in pages()}
    included = {part for text in by_name.values() for part in INCLUDED.findall(text)}
    included |= {card.template for room in all_rooms() for card in room.home_cards}
    included |= {section.template for section in extensions("coverage.policy_sections")}
    included |= {section.template for section in extensions("desk.person_sections")}
    kinds = [kind for room in all_rooms() for kind in room.vocabulary.journeys]
    included |= {part for kind in kinds for part in (kind.links, kind.while_locked, kind.without_code)}
    alone = [
        template
        for template in by_name
        if template.count("/") == 1 and template not in included and _root(template, by_name) != "web/base.html"
    ]
    assert_none(alone)


def test_no_template_speaks_without_translation() -> None:
    messages = sorted(PACKAGE.rglob("templates/notices/*.md")) + sorted(PACKAGE.rglob("templates/**/*.txt"))
    assert_none(
        f"{name(path)}: {' '.join(sorted(words))}"
        for path in [*pages(), *messages]
        if not name(path).startswith(SAMPLES)
        if (words := set(look_at(path.read_text()).words) - UNTRANSLATED)
    )


def _inline(tag: str, attributes: dict[str, str | None]) -> list[str]:
    problems = [f"has {attribute}=" for attribute in attributes if attribute == "style" or attribute.startswith("on")]
    if tag == "style" or (tag == "script" and "src" not in attributes):
        problems.append("stands inline")
    return problems


def _template_name(path: Path) -> str:
    return path.as_posix().rpartition("/templates/")[2]


def _root(template: str, by_name: dict[str, str]) -> str:
    """Return the last template in the chain of `extends`."""
    parent = EXTENDED.search(by_name.get(template, ""))
    return _root(parent[1], by_name) if parent else template
