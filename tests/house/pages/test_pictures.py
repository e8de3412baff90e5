"""The pictures of README and docs: exactly those of `make pictures`, all of them used, and small."""

import re

from tests.house.places import ROOT
from tools.pictures import FOLDER, MOST_KB, PICTURES


def test_every_picture_is_taken_by_the_script_and_shown_on_a_page() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        (page.parent / link).resolve()
        for page in pages
        for link in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert shown == set(FOLDER.iterdir()) == {FOLDER / f"{name}.webp" for name in PICTURES}
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= MOST_KB * 1000
