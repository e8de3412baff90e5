"""What an insurer says of itself: name, colours, contacts, senders — from the deployer's folder, checked at start.

`MYPOLIS_BRAND_DIR/<market>/brand.toml`, `logo.svg` beside it and legal texts in `legal/`. `docs/guides/brand.md`
describes the folder. Texts that differ by language are tables: `hours = { en = "…", ru = "…" }`.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language

from mypolis.lib.cyrillic import WRITTEN_FROM, to_cyrillic
from mypolis.markets import Profile, market

COLOURS = ("brand", "brand-strong", "brand-soft", "brand-ink", "brand-2")
MORE_COLOURS = ("brand-link", "brand-2-soft", "brand-canvas")
HEADINGS = ("sans", "serif", "rounded")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Localized:
    """One sentence in each language of a market; prints itself in the current one."""

    texts: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """The text in the current language, else in the market's own (the first)."""
        return self.in_language(get_language() or "")

    def in_language(self, language: str) -> str:
        """The text in a language, else in the market's own (the first)."""
        texts = dict(self.texts)
        return texts.get(language, self.texts[0][1]) if texts else ""


@dataclass(frozen=True, kw_only=True)
class Support:
    """Where people get help; the phone number as people dial it. `security_email` is for those who found a hole."""

    phone: str
    email: str
    hours: Localized
    security_email: str


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """A number to call at any hour, as people dial it, and what it is for."""

    label: Localized
    phone: str


@dataclass(frozen=True, kw_only=True)
class Brand:
    """The insurer behind one market. `colours`, `dark_colours`, `corner` (px) and `heading` are its tokens.

    `emergency` stands on cards, the insurer's own lines first. Where `corner` or `heading` is None, and for colours
    that are not given, the style sheet's own stand.
    """

    folder: Path
    name: str
    short_name: str
    support: Support
    emergency: tuple[Emergency, ...]
    sender_email: str
    sender_sms: str
    supervisor: Localized
    colours: dict[str, str]
    dark_colours: dict[str, str]
    corner: int | None
    heading: str | None

    @property
    def logo(self) -> Path:
        """The drawn logo, an SVG file."""
        return self.folder / "logo.svg"


@cache
def brand_of(market_code: str) -> Brand:
    """The brand of a served market. Raises ImproperlyConfigured with the file and what it lacks."""
    return read_brand(brand_folder() / market_code, market(market_code))


def brand_folder() -> Path:
    """The deployer's folder; in demo and tests the invented insurers that ship with the demo."""
    config = settings.MYPOLIS
    if config.brand_dir is not None:
        return Path(config.brand_dir)
    return Path(settings.PACKAGE) / "demo" / "brands"


def read_brand(folder: Path, profile: Profile) -> Brand:
    """Read and check one market's folder."""
    file = folder / "brand.toml"
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        brand = _brand(folder, data, profile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"{file}: cannot be read ({error})") from error
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
        support=Support(
            phone=data["support"]["phone"],
            email=data["support"]["email"],
            hours=_localized(data["support"]["hours"], profile, keep),
            security_email=data["support"].get("security_email", data["support"]["email"]),
        ),
        emergency=tuple(
            Emergency(label=_localized(line["label"], profile, keep), phone=line["phone"])
            for line in data.get("emergency", ())
        ),
        sender_email=data["senders"]["email"],
        sender_sms=data["senders"]["sms"],
        supervisor=_localized(data["supervisor"], profile, keep),
        colours=_colours(data["colours"]),
        dark_colours=_colours(data["colours"].get("dark", {}), required=()),
        corner=_corner(data.get("shape", {}).get("corner")),
        heading=_heading(data.get("shape", {}).get("heading")),
    )


def _localized(given: dict[str, str], profile: Profile, keep: tuple[str, ...]) -> Localized:
    """A text for each of the market's languages; one in a second script is made where the deployer gives none."""
    texts = {code: to_cyrillic(given[source], keep=keep) for code, source in WRITTEN_FROM.items() if source in given}
    texts |= given
    missing = [language for language in profile.languages if not texts.get(language)]
    if missing:
        raise KeyError(f"a text in {', '.join(missing)}")
    return Localized(tuple((language, texts[language]) for language in profile.languages))


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
