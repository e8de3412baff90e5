"""The words that a benefit search compares: stems, without stop words."""

from mypolis.foundation.lib.text.stemming import folded_words, stem
from mypolis.insurance.coverage.search.language_words import empty_words


def stems(text: str, language: str) -> dict[str, str]:
    """A text's stems with their case-folded words, in order; `language` is a value of `language_of`."""
    return {stem(word, language): word for word in folded_words(text, language) if not is_empty(word, language)}


def is_empty(word: str, language: str) -> bool:
    """Whether a case-folded word means nothing by itself."""
    return word in empty_words(language)
