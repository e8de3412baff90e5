"""Words as a search for benefits compares them: by their stems, without words that say nothing."""

from mypolis.foundation.lib.text.stemming import folded_words, stem
from mypolis.insurance.coverage.search.language_words import empty_words


def stems(text: str, language: str) -> dict[str, str]:
    """What of a text is compared, in its order: stems with their folded words; `language` as `language_of` gives it."""
    return {stem(word, language): word for word in folded_words(text, language) if not is_empty(word, language)}


def is_empty(word: str, language: str) -> bool:
    """Whether a folded word says nothing by itself."""
    return word in empty_words(language)
