"""For `mypolis check`: a profile's languages, and the brand folder with its colour contrast and icon."""

from collections.abc import Iterable

from django.conf import settings

from mypolis.foundation.markets import Profile
from mypolis.foundation.web.assets.installable_app import draw
from mypolis.foundation.web.branding import contrast
from mypolis.foundation.web.branding.brand import brand_of


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Report unknown languages and unreadable colours. Raises ImproperlyConfigured for an invalid brand folder."""
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
