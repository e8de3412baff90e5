"""`cover.search_top1.*`: how often the search puts the right benefit first. The phrases are older than the search."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.ground import BOOKS
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.models import Plan
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.insurance.coverage.search.matching import Index
from mypolis.insurance.coverage.search.search_index import offer_of

PHRASES = Path(__file__).parents[1] / "phrases"
LANGUAGES = {"sr-latn": "rs", "id": "id", "ru": "ru", "en": ""}
FIRST = {"sr-latn": 0.94, "id": 0.87, "ru": 0.93, "en": 0.96}
"""The shares of the first search, before tuning. It used only the words of the plan books."""


def figures(runs: int) -> Iterator[Figure]:
    """Yield one figure per language. One run is enough, because every run gives the same result."""
    indices: dict[tuple[str, str], Index] = {}
    for market in ("rs", "id", "ru"):
        if not Plan.objects.filter(market=market).exists():
            load_book(market=market, book=BOOKS / f"{market}.yaml", by=SYSTEM)
    for language, market in LANGUAGES.items():
        phrases = list(_phrases(language, market))
        for spoken in {found for _words, found, _benefit in phrases}:
            indices[spoken, language] = offer_of(spoken, profile_of(spoken).today(), language).index
        found = _share(phrases, indices, language, wrong=False)
        yield Figure(
            name=f"cover.search_top1.{language}",
            value=round(found, 3),
            unit="share",
            goal=0.9,
            runs=1,
            of="all",
            more=True,
            note=f"{len(phrases)} phrases about all benefits of the demo's plan books, whatever a member's plan has. "
            f"Before tuning: {FIRST[language]}. We added words after reading the phrases, so this says nothing about "
            "new phrases. The same with one letter of each phrase missing: "
            f"{_share(phrases, indices, language, wrong=True):.2f}",
        )


type Asked = tuple[str, str, str]


def _phrases(language: str, market: str) -> Iterator[Asked]:
    """Yield (words, market, benefit) for every line."""
    for line in (PHRASES / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            words, *between, benefit = (part.strip() for part in line.split("|"))
            yield words, market or between[0], benefit


def _share(phrases: list[Asked], indices: Mapping[tuple[str, str], Index], language: str, *, wrong: bool) -> float:
    right = 0
    for words, market, benefit in phrases:
        found = indices[market, language].search(_mistyped(words) if wrong else words)
        right += bool(found) and found[0].key.endswith(f"/{benefit}")
    return right / len(phrases)


def _mistyped(words: str) -> str:
    """Return the words without the middle letter of the longest word."""
    longest = max(words.split(), key=len)
    middle = len(longest) // 2
    return words.replace(longest, longest[:middle] + longest[middle + 1 :], 1)
