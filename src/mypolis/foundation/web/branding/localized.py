"""A text that the deployer writes in each language of a market."""

from dataclasses import dataclass

from django.utils.translation import get_language

from mypolis.foundation.lib.text.cyrillic import WRITTEN_FROM, to_cyrillic
from mypolis.foundation.markets import Profile


class FaultyBrand(ValueError):
    """The deployer's brand file is invalid. The message says where, and what is expected."""


@dataclass(frozen=True)
class Localized:
    """A sentence in each language of a market. `str()` gives it in the current language."""

    texts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """Return the text in the current language, else in the market's main language (the first)."""
        return self.in_language(get_language() or "")

    def in_language(self, language: str) -> str:
        """Return the text in a language, else in the market's main language (the first)."""
        texts = dict(self.texts)
        return texts.get(language, self.texts[0][1]) if texts else ""


def localized(given: dict[str, str], profile: Profile, *, keep: tuple[str, ...]) -> Localized:
    """Build a text in each of the market's languages. A missing text in a second script is transliterated.

    `keep` are words that are not transliterated. Raises KeyError for a language without a text.
    """
    texts = {code: to_cyrillic(given[source], keep=keep) for code, source in WRITTEN_FROM.items() if source in given}
    texts |= given
    missing = [language for language in profile.languages if not texts.get(language)]
    if missing:
        raise KeyError(f"a text in {', '.join(missing)}")
    return Localized(tuple((language, texts[language]) for language in profile.languages))
