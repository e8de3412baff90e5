"""The portal as an installable app: manifest, icons and service worker for each market."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import resvg_py
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mypolis.foundation.web.branding.brand import Brand, brand_of
from mypolis.foundation.web.navigation import all_entries
from mypolis.foundation.web.views import error_page

# Sizes in pixels by name. A maskable icon fills its square, because the phone crops it to its own shape.
ICONS = {"192": (192, False), "512": (512, False), "maskable-512": (512, True), "180": (180, True)}
_SAFE_SHARE = 0.62  # of a maskable icon's width: what lies outside may be cut off (W3C: a circle of 0.8)
_FETCHED = re.compile(r"""(?:href|src)=["'](/[^"'#]+\.(?:css|js|svg)(?:\?[^"'#]*)?)""")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest, market: str) -> HttpResponse:
    """The web app manifest: name and appearance of the installed portal."""
    brand, start = brand_of(market), reverse("landing", args=[market])
    document = {
        "id": start,
        "name": brand.name,
        "short_name": brand.short_name,
        "description": _("The portal through which you use your insurance."),
        "lang": get_language(),
        "start_url": reverse("home", args=[market]),
        "scope": start,
        "display": "standalone",
        "theme_color": brand.colours["brand"],
        "background_color": "#f6f5f1",
        "icons": [_icon_entry(market, name) for name in ICONS if name != "180"],
    }
    return JsonResponse(document, content_type="application/manifest+json")


def _icon_entry(market: str, name: str) -> dict[str, str]:
    size, fills = ICONS[name]
    purpose = "maskable" if fills else "any"
    return {"src": icon_url(market, name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def icon_url(market: str, name: str) -> str:
    """The URL of an icon. It changes with the brand, so caches may keep the icon forever."""
    return f"{reverse('app-icon', args=[market, name])}?v={_stamp(_drawing(market, fills=ICONS[name][1]))}"


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def icon(request: HttpRequest, market: str, name: str) -> HttpResponse:
    """The insurer's logo as a PNG in one of the sizes in `ICONS`."""
    if name not in ICONS:
        raise Http404("no such icon")
    return HttpResponse(draw(market, name), content_type="image/png")


def draw(market: str, name: str) -> bytes:
    """Render the icon as a PNG. Raises ImproperlyConfigured if the logo cannot be rendered."""
    try:
        return _png(market, name)
    except ValueError as error:
        raise ImproperlyConfigured(f"{brand_of(market).logo}: is not an SVG that can be rendered ({error})") from error


@cache
def _png(market: str, name: str) -> bytes:
    size, fills = ICONS[name]
    drawing = _drawing(market, fills=fills)
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=size, height=size, skip_system_fonts=True))


@cache
def _drawing(market: str, *, fills: bool) -> str:
    brand = brand_of(market)
    logo = brand.logo.read_text(encoding="utf-8")
    return _on_a_square(logo, brand) if fills else logo


def _on_a_square(logo: str, brand: Brand) -> str:
    """Return an SVG with the logo in the centre of a square in the brand's colour."""
    inner = 100 * _SAFE_SHARE
    at = (100 - inner) / 2
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<rect width="100" height="100" fill="{brand.colours["brand"]}"/>'
        f'<image x="{at}" y="{at}" width="{inner}" height="{inner}" href="data:image/svg+xml;base64,'
        f'{b64encode(logo.encode()).decode()}"/></svg>'
    )


def holder_of(request: HttpRequest) -> str | None:
    """Return an opaque id of the signed-in member; "" for a stranger. The phone uses it to separate kept pages.

    Returns None if it is unknown, for example during a database outage; then the phone deletes nothing.
    """
    if not hasattr(request, "account"):
        return None
    if request.account is None:
        return ""
    return salted_hmac("mypolis.web.holder", str(request.account.pk), algorithm="sha256").hexdigest()[:16]


def keep_offline(request: HttpRequest, page: HttpResponse, *, stands_for: Iterable[str]) -> HttpResponse:
    """Tell the member's phone to keep this page for use without a network.

    Offline, the page is shown at its own URL, at its parent folder, and at the URLs in `stands_for` and below them.
    """
    page["X-Keep-Offline"] = holder_of(request) or ""
    page["X-Keep-For"] = " ".join(stands_for)
    return page


@require_safe
@cache_control(public=True, max_age=3600)
def offline(request: HttpRequest, market: str) -> HttpResponse:
    """The page for use without a network. The phone stores it, so it contains no form and no personal data."""
    request.account = None  # type: ignore[attr-defined]  # the same page for everybody
    kept_rooms = [(reverse(entry.route, args=[market]), entry) for entry in all_entries() if entry.opens_offline]
    page = error_page(request, "offline", languages=(), holder=None, kept_rooms=kept_rooms, is_kept=True)
    page.status_code = 200
    return page


@require_safe
@cache_control(public=True, no_cache=True)
def service_worker(request: HttpRequest, market: str) -> HttpResponse:
    """The service worker of a market with the list of files to keep. Its text changes when one of them changes."""
    page = offline(request, market)
    address = reverse("offline", args=[market])
    kept = sorted({address, *_FETCHED.findall(page.content.decode())})
    facts: dict[str, Any] = {
        "market": market,
        "offline": address,
        "files": kept,
        "static": static("web/").removesuffix("web/"),
        "version": _stamp(page.content.decode() + json.dumps(kept)),
    }
    script = f"const APP = {json.dumps(facts, indent=1)};\n{_worker_source()}"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@cache
def _worker_source() -> str:
    return (Path(__file__).parent / "worker.js").read_text(encoding="utf-8")


def _stamp(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
