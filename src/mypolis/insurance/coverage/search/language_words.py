"""What a search knows of a language, beside what plan books say: read from `words_of_types/<language>.yaml`."""

from functools import lru_cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "words_of_types"
_EMPTY = "empty"


def words_of_types(language: str) -> dict[str, tuple[str, ...]]:
    """What people of a language call the things of each type of benefit."""
    return {kind: words for kind, words in _words(language).items() if kind != _EMPTY}


@lru_cache
def empty_words(language: str) -> frozenset[str]:
    """Words, folded, that say nothing by themselves in a question about cover."""
    return frozenset(_words(language)[_EMPTY])


@lru_cache
def _words(language: str) -> dict[str, tuple[str, ...]]:
    found = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return {kind: tuple(words) for kind, words in found.items()}
