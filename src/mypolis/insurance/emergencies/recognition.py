"""Detects an emergency or a death in somebody's words. It runs before any question about insurance is answered.

The wordings are in `phrases/<language>.yaml`, for review by native speakers and a doctor. Frightened people write in
any language, so we try the wordings of all of the market's languages, whatever the page's language. The text is never
stored, counted or logged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from mypolis.foundation.lib.text.phrase_patterns import Language, Said, Wording, language_from, said, wording
from mypolis.foundation.lib.text.stemming import language_of

type Kind = Literal[
    "breathing", "choking", "chest", "heart", "stroke", "bleeding", "unconscious", "seizure", "fever", "poisoning",
    "suicide", "birth", "accident", "burn", "allergy", "drowning", "electric", "bite", "violence", "fire", "help",
    "bereavement",
]  # fmt: skip

_FOLDER = Path(__file__).parent / "phrases"
_UNDERSTOOD = frozenset({"en", "ru"})
_FIRST: tuple[Kind, ...] = ("suicide", "violence", "fire")
"""Emergencies that need a line other than the ambulance's; if words describe both, these come first."""


@dataclass(frozen=True)
class Phrases:
    """The wordings of one language.

    `always` mean an emergency in any sentence. `unless_about_cover` are illnesses and accidents that are also benefits:
    they do not count if the sentence asks about cover. `bereavement` is about a death.
    """

    language: Language
    always: dict[Kind, tuple[Wording, ...]]
    unless_about_cover: dict[Kind, tuple[Wording, ...]]
    about_cover: tuple[Wording, ...]
    bereavement: tuple[Wording, ...]

    def emergencies(self, text: Said, *, about_cover: bool) -> list[Kind]:
        """The emergencies in the text, in the order of the file."""
        groups = (self.always,) if about_cover else (self.always, self.unless_about_cover)
        return [kind for group in groups for kind, wordings in group.items() if any(text.has(one) for one in wordings)]

    def mourns(self, text: Said) -> bool:
        """Whether the text mentions a death."""
        return any(text.has(one) for one in self.bereavement)

    def asks_about_cover(self, text: Said) -> bool:
        """Whether the text asks what the insurance pays."""
        return any(text.has(one) for one in self.about_cover)


def recognise(text: str, languages: Iterable[str]) -> Kind | None:
    """What the words describe; None if it is neither an emergency nor a death.

    `languages` are the market's. English and Russian are also understood everywhere, for visitors, but without typing
    errors: a word of one language is easily mistaken for a misspelt word of another.
    """
    spoken = {language_of(language) for language in languages}
    read = [
        (phrases, said(text, phrases.language, forgiving=phrases.language.code in spoken))
        for phrases in map(phrases_of, sorted(spoken | _UNDERSTOOD))
    ]
    about_cover = any(phrases.asks_about_cover(words) for phrases, words in read)
    found = [kind for phrases, words in read for kind in phrases.emergencies(words, about_cover=about_cover)]
    if found:
        return next((kind for kind in _FIRST if kind in found), found[0])
    mourns = not about_cover and any(phrases.mourns(words) for phrases, words in read)
    return "bereavement" if mourns else None


@lru_cache
def phrases_of(language: str) -> Phrases:
    """A language's wordings, loaded once. Raises ValueError if the file is invalid."""
    data = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    spoken = language_from(language, data)

    def read(texts: list[str]) -> tuple[Wording, ...]:
        return tuple(wording(str(text), spoken) for text in texts)

    return Phrases(
        language=spoken,
        always={kind: read(texts) for kind, texts in data["emergencies"].items()},
        unless_about_cover={kind: read(texts) for kind, texts in data["unless_about_cover"].items()},
        about_cover=read(data["about_cover"]),
        bereavement=read(data["bereavement"]),
    )
