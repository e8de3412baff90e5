"""What every template knows: the market, its brand, the languages, who is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from mypolis.markets import Profile
from mypolis.web.brand import brand_of


def page(request: HttpRequest) -> dict[str, Any]:
    """The context that `web/base.html` and its children count on."""
    profile: Profile | None = getattr(request, "market", None)
    names = dict(settings.LANGUAGES)
    codes = profile.languages if profile else tuple(names)
    return {
        "market": profile,
        "brand": brand_of(profile.code) if profile else None,
        "logo_url": reverse("logo", args=[profile.code]) if profile else "",
        "language": get_language(),
        "languages": [(code, names[code]) for code in codes],
        "account": getattr(request, "account", None),
    }
