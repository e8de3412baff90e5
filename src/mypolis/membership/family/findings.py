"""For `mypolis check`: the ages of a profile."""

from collections.abc import Iterable

from mypolis.foundation.markets import Profile


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Ages that contradict each other."""
    return [
        f"{profile.code}: family: private_from must be between 1 and of_age"
        for profile in profiles
        if not 0 < profile.family.private_from <= profile.family.of_age
    ]
