"""The context of every template: the market, its brand, the languages, who is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from mypolis.foundation.markets import Profile
from mypolis.foundation.web.assets.installable_app import holder_of, icon_url
from mypolis.foundation.web.branding import brand_files
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.foundation.web.navigation import menu_of


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context that `web/base.html` and its child templates require."""
    profile: Profile | None = getattr(request, "market", None)
    account = getattr(request, "account", None)
    names = dict(settings.LANGUAGES)
    codes = profile.languages if profile else tuple(names)
    return {
        "market": profile,
        "brand": brand_of(profile.code) if profile else None,
        "brand_css_url": brand_files.sheet(profile.code).url if profile else "",
        "logo_url": brand_files.logo(profile.code).url if profile else "",
        "menu": menu_of(request, profile.code) if profile and account else [],
        "touch_icon_url": icon_url(profile.code, "180") if profile else "",
        "language": get_language(),
        "languages": [(code, names[code]) for code in codes],
        "account": account,
        "holder": holder_of(request) if profile else None,
        "in_demo": settings.MYPOLIS.shows_inbox,
    }
