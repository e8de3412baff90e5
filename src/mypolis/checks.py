"""Everything that must be correct before the portal serves requests: `mypolis check`, and the start of the server."""

from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.rooms import all_rooms


def run() -> list[str]:
    """All findings of all rooms, each with its place and its remedy; empty if all is well. Reads no table."""
    try:
        profiles = list(all_markets().values())
    except ImproperlyConfigured as error:
        return [str(error)]
    findings = findings_about(profiles)
    return findings or _run(profiles, needs_sound_profiles=True)


def findings_about(profiles: Sequence[Profile]) -> list[str]:
    """Findings about profiles and the insurer's folders. If several rooms report the same finding, it appears once."""
    found = (finding for profile in profiles for finding in _run([profile], needs_sound_profiles=False))
    return list(dict.fromkeys(found))


def _run(profiles: Sequence[Profile], *, needs_sound_profiles: bool) -> list[str]:
    findings: list[str] = []
    for room in all_rooms():
        for check in room.checks:
            if check.needs_sound_profiles == needs_sound_profiles:
                try:
                    findings += room.load(check.run)(profiles)
                except ImproperlyConfigured as error:
                    findings.append(str(error))
    return findings
