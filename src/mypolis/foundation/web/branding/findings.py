"""For `mypolis check`: languages of a profile, and the insurer's folder: contrast of its colours, its icon."""

from collections.abc import Iterable

from django.conf import settings

from mypolis.foundation.markets import Profile
from mypolis.foundation.web.assets.installable_app import draw
from mypolis.foundation.web.branding import contrast
from mypolis.foundation.web.branding.brand import brand_of


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Unknown languages, colours that cannot be read. Raises ImproperlyConfigured for a folder that is no brand."""
    known = {code for code, _name in settings.LANGUAGES}
    found = []
    for profile in profiles:
        found += [
            f"{profile.code}: language {language!r} is none of {', '.join(sorted(known))}"
            for language in profile.languages
            if language not in known
        ]
        found += contrast.faults(brand_of(profile.code))
        draw(profile.code, "192")
    return found
