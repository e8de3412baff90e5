"""Maps everyday words to benefit types: "broke my leg" names no benefit, but suggests specialists, scans, surgery.

This supplements the words of plan books: each language has patterns of ailments and needs, and `benefits.yaml` maps
them to benefit types. The result is a guess, so callers must present it as one.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import yaml

from mypolis.foundation.lib.text.phrase_patterns import Language, Wording, language_from, said, wording
from mypolis.foundation.lib.text.stemming import language_of
from mypolis.insurance.coverage.plan_books.vocabulary import BenefitType

_FOLDER = Path(__file__).parent
_NOT_AILMENTS = frozenset({"not", "fillers", "fused", "lists"})


def suggested_types(text: str, languages: Iterable[str]) -> list[BenefitType]:
    """The benefit types that a text's everyday words suggest, likeliest first; `languages` are the market's.

    The ailment with the most matching words comes first: "broke a tooth" is about teeth.
    """
    benefits = benefits_of_ailments()
    return list(dict.fromkeys(kind for ailment in _mentioned(text, languages) for kind in benefits[ailment]))


def named_types(text: str, languages: Iterable[str]) -> set[BenefitType]:
    """The types that a text names directly, through needs that only one type serves, such as a vaccination."""
    benefits = benefits_of_ailments()
    return {benefits[ailment][0] for ailment in _mentioned(text, languages) if len(benefits[ailment]) == 1}


def _mentioned(text: str, languages: Iterable[str]) -> list[str]:
    """The ailments and needs in a text, the one with the most matching words first."""
    found: dict[str, int] = {}
    for spoken in dict.fromkeys(map(language_of, languages)):
        language, ailments = ailments_of(spoken)
        spoken_text = said(text, language)
        for ailment, wordings in ailments.items():
            words = max((len(spoken_text.positions(one)) for one in wordings), default=0)
            if words > found.get(ailment, 0):
                found[ailment] = words
    return sorted(found, key=lambda ailment: -found[ailment])


@lru_cache
def benefits_of_ailments() -> dict[str, tuple[BenefitType, ...]]:
    """The benefit types of each ailment."""
    found = yaml.safe_load((_FOLDER / "benefits.yaml").read_text(encoding="utf-8"))
    return {ailment: tuple(BenefitType(kind) for kind in kinds) for ailment, kinds in found.items()}


@lru_cache
def ailments_of(language: str) -> tuple[Language, dict[str, tuple[Wording, ...]]]:
    """A language's wordings by ailment, loaded once. Raises ValueError if one is invalid."""
    data = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    spoken = language_from(language, data)
    ailments = {key: texts for key, texts in data.items() if key not in _NOT_AILMENTS}
    return spoken, {ailment: tuple(wording(str(text), spoken) for text in texts) for ailment, texts in ailments.items()}
