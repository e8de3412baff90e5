"""Search words of a language, in addition to those of plan books: loaded from `words_of_types/<language>.yaml`."""

from functools import lru_cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "words_of_types"
_EMPTY = "empty"


def words_of_types(language: str) -> dict[str, tuple[str, ...]]:
    """What people call the things of each benefit type in a language."""
    return {kind: words for kind, words in _words(language).items() if kind != _EMPTY}


@lru_cache
def empty_words(language: str) -> frozenset[str]:
    """Stop words, case-folded: they mean nothing by themselves in a question about cover."""
    return frozenset(_words(language)[_EMPTY])


@lru_cache
def _words(language: str) -> dict[str, tuple[str, ...]]:
    found = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return {kind: tuple(words) for kind, words in found.items()}
