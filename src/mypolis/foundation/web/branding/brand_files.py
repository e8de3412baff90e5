"""A brand's style sheet and logo as they are served, under URLs that change with the content."""

import hashlib
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from mypolis.foundation.web.branding.brand import Brand, brand_of

LIGHT_ONLY = ("brand-soft", "brand-link", "brand-2-soft", "brand-canvas")
"""Used in the light theme only. Where the brand sets no dark value, the dark theme uses the style sheet's value."""


@dataclass(frozen=True)
class BrandFile:
    """The content of a file and its URL. Browsers may cache it forever."""

    content: bytes
    url: str
    version: str


@cache
def sheet(market: str) -> BrandFile:
    """The brand's tokens as a style sheet. They are in no layer, so they override the portal's style sheet."""
    return _file("brand-css", market, tokens(brand_of(market)).encode())


@cache
def logo(market: str) -> BrandFile:
    """The logo."""
    return _file("logo", market, brand_of(market).logo.read_bytes())


def tokens(brand: Brand) -> str:
    """Write the brand's tokens as CSS."""
    always = {name: value for name, value in brand.colours.items() if name not in LIGHT_ONLY}
    if brand.corner is not None:
        always["brand-corner"] = f"{brand.corner}px"
    if brand.heading is not None:
        always["brand-heading"] = f"var(--{brand.heading})"
    light = {name: value for name, value in brand.colours.items() if name in LIGHT_ONLY}
    parts = [
        _rule(always),
        f"@media (prefers-color-scheme: light){{{_rule(light)}}}",
        f"@media (prefers-color-scheme: dark){{{_rule(brand.dark_colours)}}}" if brand.dark_colours else "",
    ]
    return "\n".join(part for part in parts if part)


def _rule(values: dict[str, str]) -> str:
    return f":root{{{';'.join(f'--{name}:{value}' for name, value in values.items())}}}"


def _file(route: str, market: str, content: bytes) -> BrandFile:
    version = hashlib.sha256(content).hexdigest()[:12]
    return BrandFile(content, f"{reverse(route, args=[market])}?v={version}", version)
