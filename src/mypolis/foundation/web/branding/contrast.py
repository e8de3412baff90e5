"""Checks that a brand's colours are readable on their backgrounds: WCAG 2.2 contrast of at least 4.5 : 1.

The other colour of each pair is read from the style sheet, so the check cannot become outdated.
"""

import re
from collections.abc import Iterator
from functools import cache

from mypolis.foundation.web.assets.bundles import SOURCES
from mypolis.foundation.web.branding.brand import Brand

LEAST = 4.5
LIGHT_PAIRS = (
    ("brand-ink", "brand"),
    ("brand-ink", "brand-strong"),
    ("brand-link", "paper-0"),
    ("brand-link", "brand-canvas"),
    ("brand-link", "brand-soft"),
    *((ink, ground) for ink in ("ink-1", "ink-2") for ground in ("brand-canvas", "brand-soft", "brand-2-soft")),
)
DARK_PAIRS = LIGHT_PAIRS[2:]


def faults(brand: Brand) -> Iterator[str]:
    """Yield one sentence for each pair with too little contrast, with advice."""
    light, dark = raw_values()
    file = brand.folder / "brand.toml"
    link = brand.colours.get("brand-link", brand.colours["brand-strong"])
    canvas = brand.colours.get("brand-canvas", light["paper-1"])
    shown = {**light, **brand.colours, "brand-link": link, "brand-canvas": canvas}
    yield from _faults(f"{file}: [colours]", LIGHT_PAIRS, shown)
    shown = {"brand-canvas": dark["paper-1"], **dark, **brand.dark_colours}
    yield from _faults(f"{file}: [colours.dark]", DARK_PAIRS, shown)


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio of two colours `#rrggbb`, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@cache
def raw_values() -> tuple[dict[str, str], dict[str, str]]:
    """Return the style sheet's background and text colours, for light and dark, as `#rrggbb`."""
    text = (SOURCES / "styles" / "tokens" / "raw.css").read_text(encoding="utf-8")
    light, _media, dark = text.partition("@media (prefers-color-scheme: dark)")
    return _values(light), _values(dark)


def _values(text: str) -> dict[str, str]:
    found = re.findall(r"--((?:paper|ink)-\d): #([0-9a-f]{3,6});", text)
    return {name: f"#{value if len(value) == 6 else ''.join(sign * 2 for sign in value)}" for name, value in found}


def _faults(where: str, pairs: tuple[tuple[str, str], ...], shown: dict[str, str]) -> Iterator[str]:
    """Check the pairs. It skips those in which the style sheet chooses one of the colours by itself."""
    for ink, ground in pairs:
        if ink not in shown or ground not in shown or contrast(shown[ink], shown[ground]) >= LEAST:
            continue
        ratio = f"{contrast(shown[ink], shown[ground]):.1f}"
        mended, way = (ink, ground) if ink.startswith("brand") else (ground, ink)
        should_darken = _luminance(shown[mended]) < _luminance(shown[way])
        yield (
            f"{where} {mended} {shown[mended]} beside {way} {shown[way]} has a contrast of {ratio} : 1, and words need "
            f"{LEAST} : 1; make {mended} {'darker' if should_darken else 'lighter'}"
        )


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
