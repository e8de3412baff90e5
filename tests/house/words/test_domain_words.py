"""The engine of journeys and the frame of all pages know no word of the rooms that use them."""

import re
from pathlib import Path

from mypolis.foundation.journeys.definitions.vocabulary import vocabulary
from tests.house.places import PACKAGE, assert_none, name

ENGINE = PACKAGE / "foundation" / "journeys"
FRAME = PACKAGE / "foundation" / "web"
# What rooms are about. "Account", "session" and "device" are not among them: every portal has those.
ABOUT = (
    r"registration",
    r"invitation",
    r"recover",
    r"licen[cs]e",
    r"polic(?:y|ies)[-_ ]?(?:type|number|holder)",
    r"participant",
    r"employer",
    r"roster",
    r"clinic",
    r"claims?",
    r"benefits?",
    r"demo",
    r"insured",
    r"one_?time_?code",
)
# Names that are words of ordinary speech, too: only as a value, in quotes, do they mean the journey.
QUOTED = r"""["'](?:register|signin|identity|credentials|invitation)["']"""
WORDS = re.compile(rf"\b(?:{'|'.join(ABOUT)})\b|{QUOTED}", re.I)
ALLOWED = {
    "foundation/web/design.py": "samples for builders, as they look in this portal",
    "foundation/web/templates/web/design/": "the same",
    "foundation/web/monitoring/urls.py": "says when the samples are served",
    "foundation/web/monitoring/logs.py": "says when log lines are readable",
    "foundation/web/monitoring/redaction.py": "values that no log may show, known before the rooms are loaded",
    "foundation/web/templates/web/components/bar_key.html": "the legend of a bar, which the samples show too",
    "foundation/web/document_names.py": "the names of legal texts, for the foot of each page",
    "foundation/web/context.py": "tells pages that this is the demo",
    "foundation/web/templates/web/base.html": "says that this is the demo",
}


def _files(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".html", ".js"))
    return [path for path in found if "migrations" not in path.parts]


def _is_allowed(path: Path) -> bool:
    return any(path.relative_to(PACKAGE).as_posix().startswith(place) for place in ALLOWED)


def test_engine_and_frame_know_no_word_of_a_room() -> None:
    assert_none(
        f"{name(path)}:{number}: {found[0]}"
        for path in [*_files(ENGINE), *_files(FRAME)]
        if not _is_allowed(path)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := WORDS.search(line))
    )


def test_the_engine_names_no_journey_and_no_step() -> None:
    known = vocabulary()
    names = {kind.name for kind in known.journeys} | set(known.steps) | set(known.entries)
    general = {"code", "password", "username"}  # fields of the frame bear these names
    quoted = re.compile(rf"""["'](?:{"|".join(sorted(names - general))})["'/]""")
    assert_none(f"{name(path)}: {found[0]}" for path in _files(ENGINE) for found in quoted.finditer(path.read_text()))
