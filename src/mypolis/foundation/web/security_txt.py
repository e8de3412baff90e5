"""`/.well-known/security.txt` (RFC 9116): where to report a vulnerability."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mypolis.foundation.markets import all_markets
from mypolis.foundation.web.branding.brand import brand_of

GOOD_FOR = timedelta(days=180)  # RFC 9116 recommends less than a year


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(request: HttpRequest) -> HttpResponse:
    """The security contacts of all insurers served here, from their brands. `docs/security.md` has our policy."""
    profiles = all_markets().values()
    contacts = dict.fromkeys(f"mailto:{brand_of(profile.code).support.security_email}" for profile in profiles)
    languages = dict.fromkeys(language for profile in profiles for language in profile.languages)
    expires = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + GOOD_FOR
    lines = [
        *(f"Contact: {contact}" for contact in contacts),
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(languages)}",
        f"Canonical: {settings.MYPOLIS.public_url}{reverse('security-txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
