"""The docs are complete: links have targets, the index names each page, and `make help` names each target."""

import re
import subprocess

from tests.house.places import ROOT, assert_none, name

DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))
LINK = re.compile(r"\]\(([^)#:\s]*)#([\w-]+)\)")


def _anchors(text: str) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_to_a_heading_leads_to_one() -> None:
    links = [(page, path, anchor) for page in PAGES for path, anchor in LINK.findall(page.read_text())]
    assert links
    assert_none(
        f"{name(page)}: {path}#{anchor}"
        for page, path, anchor in links
        if anchor not in _anchors(((page.parent / path) if path else page).read_text())
    )


def test_the_index_of_the_docs_names_every_page() -> None:
    index = (DOCS / "README.md").read_text()
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")]
    listed = [page for page in pages if not page.startswith("decisions/") and page != "README.md"]
    assert_none(page for page in listed if f"]({page}" not in index)


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([\w-]+):", makefile, re.MULTILINE)
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"test-all", "lighthouse"} <= set(targets)
    assert_none(target for target in targets if not re.search(rf"^  make {target} ", shown, re.MULTILINE))
    assert_none(set(targets) ^ set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split()))
