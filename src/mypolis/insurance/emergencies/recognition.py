"""Whether somebody's words tell of an emergency, or of a death: asked before anything about insurance is answered.

The wordings stand in `phrases/<language>.yaml`, to be read by native speakers and a doctor. People write in whichever
language comes first when they are afraid, so the wordings of all the market's languages are tried, whatever the page's.
Nothing of the text is kept, counted or logged.
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
"""What other lines answer than the ambulance's: said before the rest where words tell of both."""


@dataclass(frozen=True)
class Phrases:
    """The wordings of one language.

    `always` tell of an emergency in any sentence. `unless_about_cover` are names of illnesses and accidents that are
    also benefits: they do not where the sentence asks about cover. `bereavement` is about a death.
    """

    language: Language
    always: dict[Kind, tuple[Wording, ...]]
    unless_about_cover: dict[Kind, tuple[Wording, ...]]
    about_cover: tuple[Wording, ...]
    bereavement: tuple[Wording, ...]

    def emergencies(self, text: Said, *, about_cover: bool) -> list[Kind]:
        """What the text tells of, in the order of the file."""
        groups = (self.always,) if about_cover else (self.always, self.unless_about_cover)
        return [kind for group in groups for kind, wordings in group.items() if any(text.has(one) for one in wordings)]

    def mourns(self, text: Said) -> bool:
        """Whether the text tells of a death."""
        return any(text.has(one) for one in self.bereavement)

    def asks_about_cover(self, text: Said) -> bool:
        """Whether the text asks what the insurance pays."""
        return any(text.has(one) for one in self.about_cover)


def recognise(text: str, languages: Iterable[str]) -> Kind | None:
    """What the words tell of; None where it is neither an emergency nor a death.

    `languages` are the market's. Besides, English and Russian are understood everywhere, by visitors' words without
    typing errors: a word of one language is easily taken for a mistyped one of another.
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
    """The wordings of a language, read once. Raises ValueError where the file says something that cannot be read."""
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
