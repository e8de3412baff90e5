"""For `mypolis check`: whether every legal text exists in every language."""

from collections.abc import Iterable

from mypolis.foundation.markets import Profile
from mypolis.membership.consents.documents import document


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Return no findings. Raises ImproperlyConfigured for the first text that is missing or wrong."""
    for profile in profiles:
        for language in profile.languages:
            for key in profile.texts:
                document(profile.code, key, language)
    return []
