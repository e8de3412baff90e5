"""A text that the deployer writes in each language of a market."""

from dataclasses import dataclass

from django.utils.translation import get_language

from mypolis.foundation.lib.text.cyrillic import WRITTEN_FROM, to_cyrillic
from mypolis.foundation.markets import Profile


class FaultyBrand(ValueError):
    """What the deployer wrote cannot be used; the message says where, and how to write it."""


@dataclass(frozen=True)
class Localized:
    """One sentence in each language of a market; prints itself in the current one."""

    texts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """The text in the current language, else in the market's own (the first)."""
        return self.in_language(get_language() or "")

    def in_language(self, language: str) -> str:
        """The text in a language, else in the market's own (the first)."""
        texts = dict(self.texts)
        return texts.get(language, self.texts[0][1]) if texts else ""


def localized(given: dict[str, str], profile: Profile, *, keep: tuple[str, ...]) -> Localized:
    """A text for each of the market's languages; one in a second script is made where the deployer gives none.

    `keep` are words that stay in their letters there. Raises KeyError for a language without a text.
    """
    texts = {code: to_cyrillic(given[source], keep=keep) for code, source in WRITTEN_FROM.items() if source in given}
    texts |= given
    missing = [language for language in profile.languages if not texts.get(language)]
    if missing:
        raise KeyError(f"a text in {', '.join(missing)}")
    return Localized(tuple((language, texts[language]) for language in profile.languages))
