"""The insurer's emergency numbers, from `[[emergency]]` in `brand.toml`."""

from typing import Any

from mypolis.foundation.lib.opening_hours import HoursError, parse_hours
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.emergency import KINDS, EmergencyLine
from mypolis.foundation.web.branding.localized import FaultyBrand, localized


def read_line(data: dict[str, Any], profile: Profile, *, keep: tuple[str, ...]) -> EmergencyLine:
    """Read one number. Raises KeyError if something is missing, FaultyBrand if something is invalid."""
    kind = data.get("kind", "insurer")
    if kind not in KINDS:
        raise FaultyBrand(f"emergency.kind is one of {', '.join(KINDS)}, not {kind!r}")
    try:
        hours = parse_hours(str(data["hours"]), zone=profile.zone) if "hours" in data else None
    except HoursError as error:
        raise FaultyBrand(f"emergency: write {error}") from error
    return EmergencyLine(
        kind=kind, phone=data["phone"], label=localized(data["label"], profile, keep=keep), hours=hours
    )
