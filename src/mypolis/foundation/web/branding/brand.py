"""The insurer's brand: name, colours, contacts, senders. It is read from the deployer's folder and checked at start.

The folder `MYPOLIS_BRAND_DIR/<market>/` contains `brand.toml`, `logo.svg` and legal texts in `legal/`; see
`docs/guides/brand.md`. Texts that differ by language are tables: `label = { en = "…", ru = "…" }`.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.markets import Profile, market
from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.web.branding.emergency import read_line
from mypolis.foundation.web.branding.localized import FaultyBrand, Localized, localized
from mypolis.foundation.web.branding.support import App, Support, read_apps, read_support

COLOURS = ("brand", "brand-strong", "brand-soft", "brand-ink", "brand-2")
MORE_COLOURS = ("brand-link", "brand-2-soft", "brand-canvas")
HEADINGS = ("sans", "serif", "rounded")
_ON_CARDS = ("ambulance", "all", "insurer")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, kw_only=True)
class Brand:
    """The insurer of one market. `colours`, `dark_colours`, `corner` (px) and `heading` are its design tokens.

    `apps` are the insurer's own apps; it is empty if the portal itself is the app. `emergency_lines` replace the
    market's numbers. For missing colours, and if `corner` or `heading` is None, the style sheet's values apply.
    """

    folder: Path
    name: str
    short_name: str
    support: Support
    apps: tuple[App, ...]
    emergency_lines: tuple[EmergencyLine, ...]
    sender_email: str
    sender_sms: str
    supervisor: Localized
    colours: dict[str, str]
    dark_colours: dict[str, str]
    corner: int | None
    heading: str | None

    @property
    def emergency(self) -> tuple[EmergencyLine, ...]:
        """The emergency lines shown on cards: those for illness and injury."""
        return tuple(line for line in self.emergency_lines if line.kind in _ON_CARDS)

    @property
    def logo(self) -> Path:
        """The path of the logo, an SVG file."""
        return self.folder / "logo.svg"


@cache
def brand_of(market_code: str) -> Brand:
    """Return the brand of a served market. Raises ImproperlyConfigured that names the file and the problem."""
    return read_brand(brand_folder() / market_code, market(market_code))


def brand_folder() -> Path:
    """Return the deployer's folder. If none is set, return that of the invented insurers, which the settings name."""
    return Path(settings.MYPOLIS.brand_dir or settings.INVENTED_BRANDS)


def read_brand(folder: Path, profile: Profile) -> Brand:
    """Read and check one market's folder."""
    file = folder / "brand.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        brand = _brand(folder, data, profile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"{file}: cannot be read ({error})") from error
    except FaultyBrand as error:
        raise ImproperlyConfigured(f"{file}: {error}") from error
    except KeyError as error:
        raise ImproperlyConfigured(f"{file}: {error.args[0]} is missing") from error
    if not brand.logo.is_file():
        raise ImproperlyConfigured(f"{brand.logo}: is missing")
    return brand


def _brand(folder: Path, data: dict[str, Any], profile: Profile) -> Brand:
    keep = (data["name"], data["short_name"])
    return Brand(
        folder=folder,
        name=data["name"],
        short_name=data["short_name"],
        support=read_support(data["support"], profile, keep=keep),
        apps=read_apps(data.get("apps", {})),
        emergency_lines=tuple(read_line(line, profile, keep=keep) for line in data.get("emergency", ())),
        sender_email=data["senders"]["email"],
        sender_sms=data["senders"]["sms"],
        supervisor=localized(data["supervisor"], profile, keep=keep),
        colours=_colours(data["colours"]),
        dark_colours=_colours(data["colours"].get("dark", {}), required=()),
        corner=_corner(data.get("shape", {}).get("corner")),
        heading=_heading(data.get("shape", {}).get("heading")),
    )


def _colours(data: dict[str, Any], *, required: tuple[str, ...] = COLOURS) -> dict[str, str]:
    colours = {}
    for name in (*COLOURS, *MORE_COLOURS):
        value = data.get(name)
        if value is None and name not in required:
            continue
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            raise KeyError(f"colours.{name} as #rrggbb")
        colours[name] = value
    return colours


def _corner(value: object) -> int | None:
    if value is None or (type(value) is int and 0 <= value <= 16):
        return value
    raise KeyError("shape.corner as a number of pixels from 0 to 16")


def _heading(value: object) -> str | None:
    if value is None or (isinstance(value, str) and value in HEADINGS):
        return value
    raise KeyError(f"shape.heading as one of {', '.join(HEADINGS)}")
