"""A brand's style sheet and logo as browsers get them, under addresses that change with the content."""

import hashlib
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from mypolis.foundation.web.branding.brand import Brand, brand_of

LIGHT_ONLY = ("brand-soft", "brand-link", "brand-2-soft", "brand-canvas")
"""What a dark screen draws otherwise: without a dark value of the brand's the style sheet's own stands there."""


@dataclass(frozen=True)
class BrandFile:
    """What is sent, and its address: a browser may keep it for good."""

    content: bytes
    url: str
    version: str


@cache
def sheet(market: str) -> BrandFile:
    """The brand's tokens, in no layer, so that they win over the style sheet's."""
    return _file("brand-css", market, tokens(brand_of(market)).encode())


@cache
def logo(market: str) -> BrandFile:
    """The drawn logo."""
    return _file("logo", market, brand_of(market).logo.read_bytes())


def tokens(brand: Brand) -> str:
    """The brand's tokens as CSS."""
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
