"""The support contacts in `brand.toml`: phones with opening hours, an e-mail address, the insurer's apps."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from mypolis.foundation.lib.opening_hours import HoursError, OpeningHours, State, parse_hours
from mypolis.foundation.lib.tel_links import dial_address
from mypolis.foundation.markets import Profile
from mypolis.foundation.web.branding.hours import StateInWords, in_words, state_in_words, zone_name
from mypolis.foundation.web.branding.localized import FaultyBrand, Localized, localized

STORES = {"app_store": "App Store", "google_play": "Google Play", "appgallery": "AppGallery", "rustore": "RuStore"}
CALL_US = {"no_match", "taken", "locked"}  # codes of errors whose texts may tell people to contact support
ONLY_CALL = {"locked"}  # those after which nothing on the page helps, only a call
KEYS = {"number", "label", "free", "hours", "zone", "closed_on"}
_PHONE = re.compile(r"[+*#]?\d[\d ()/*#-]*", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A number as people dial it. `hours` are data; `words` is used if the deployer gives only a sentence."""

    number: str
    label: Localized | None
    is_free: bool
    hours: OpeningHours | None
    words: Localized | None
    names_zone: bool

    @property
    def href(self) -> str:
        """The `tel:` URL."""
        return dial_address(self.number)

    @property
    def hours_in_words(self) -> str:
        """The opening hours in the current language; "" if they are unknown."""
        if self.hours is None:
            return str(self.words or "")
        zone = zone_name(timezone.now().astimezone(self.hours.zone)) if self.names_zone else ""
        return f"{in_words(self.hours)} {zone}".strip()

    @property
    def about(self) -> str:
        """One line with its purpose, whether it is free, and its hours; "" if nothing is known."""
        free = _("free call") if self.is_free else ""
        return " · ".join(part for part in (str(self.label or ""), free, self.hours_in_words) if part)

    @property
    def line(self) -> str:
        """One line with the number and `about`, for messages."""
        return " · ".join(part for part in (self.number, self.about) if part)

    def state_at(self, moment: datetime) -> State | None:
        """Return whether the line is open at that moment, and until when; None if the hours are unknown."""
        return self.hours.state_at(moment) if self.hours else None

    @property
    def now(self) -> StateInWords | None:
        """Return the current state in words."""
        moment = timezone.now()
        state = self.state_at(moment)
        return state_in_words(state, moment) if state else None


@dataclass(frozen=True, kw_only=True)
class App:
    """The insurer's own app: the name of the app store and the https URL."""

    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Support:
    """The support contacts. `security_email` is for people who report a vulnerability."""

    phones: tuple[Phone, ...]
    email: str
    security_email: str

    @property
    def to_call(self) -> Phone:
        """The number to call now: the first one that is open, else the first one."""
        moment = timezone.now()
        states = ((phone, phone.state_at(moment)) for phone in self.phones)
        return next((phone for phone, state in states if state and state.is_open), self.phones[0])

    @property
    def phone(self) -> str:
        """The first number, for places with space for only one."""
        return self.phones[0].number

    @property
    def hours(self) -> str:
        """The opening hours of the first number, in the current language."""
        return self.phones[0].hours_in_words


def read_support(data: dict[str, Any], profile: Profile, *, keep: tuple[str, ...]) -> Support:
    """Read the table `[support]`. Raises KeyError if something is missing, FaultyBrand if something is invalid."""
    if "phones" not in data:
        phones = [_one_phone(data["phone"], localized(data["hours"], profile, keep=keep))]
    elif {"phone", "hours"} & set(data):
        raise FaultyBrand("[support] has phones; move phone and hours into [[support.phones]], as number and hours")
    else:
        phones = [_phone(phone, profile, keep) for phone in data["phones"]]
    if not phones:
        raise FaultyBrand("[[support.phones]] needs at least one number")
    return Support(phones=tuple(phones), email=data["email"], security_email=data.get("security_email", data["email"]))


def read_apps(data: dict[str, Any]) -> tuple[App, ...]:
    """Read the table `[apps]`: names of app stores and https URLs. Raises FaultyBrand if something is invalid."""
    for name, url in data.items():
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts is None or parts.scheme != "https" or not parts.hostname:
            raise FaultyBrand(f"apps.{name}: write an address that begins with https://, not {url!r}")
    return tuple(App(name=STORES.get(name, name), url=url) for name, url in data.items())


def _one_phone(number: str, words: Localized) -> Phone:
    """Create a phone whose hours are only a sentence, so that its current state is unknown."""
    return Phone(number=number, label=None, is_free=False, hours=None, words=words, names_zone=False)


def _phone(data: dict[str, Any], profile: Profile, keep: tuple[str, ...]) -> Phone:
    number, free = data["number"], data.get("free", False)
    if not isinstance(number, str) or not _PHONE.fullmatch(number):
        raise FaultyBrand(f"support.phones: write number as people dial it, in quotes, not {number!r}")
    if not isinstance(free, bool):
        raise FaultyBrand(f"support.phones: write free = true or free = false, not {free!r}")
    unknown = set(data) - KEYS
    if unknown:
        raise FaultyBrand(f"support.phones: {', '.join(sorted(unknown))} is none of {', '.join(sorted(KEYS))}")
    return Phone(
        number=number,
        label=localized(data["label"], profile, keep=keep) if "label" in data else None,
        is_free=free,
        hours=_hours(data, profile) if "hours" in data else None,
        words=None,
        names_zone="zone" in data,
    )


def _hours(data: dict[str, Any], profile: Profile) -> OpeningHours:
    closed_on = data.get("closed_on", [])
    if not isinstance(closed_on, list) or not all(type(day) is date for day in closed_on):
        raise FaultyBrand("support.phones: write closed_on as days without quotes, like [2027-01-01, 2027-01-02]")
    try:
        zone = ZoneInfo(data["zone"]) if "zone" in data else profile.zone
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise FaultyBrand(f"support.phones: write zone like Europe/Belgrade, not {data['zone']!r}") from error
    try:
        return parse_hours(str(data["hours"]), zone=zone, closed_on=closed_on)
    except HoursError as error:
        raise FaultyBrand(f"support.phones: write {error}") from error
