"""For `mypolis check`: whether the ages in a market's family rules fit together."""

from collections.abc import Iterable

from mypolis.foundation.markets import Profile


def findings(profiles: Iterable[Profile]) -> list[str]:
    """One line for each market whose ages contradict each other."""
    return [
        f"{profile.code}: family: private_from must be between 1 and of_age"
        for profile in profiles
        if not 0 < profile.family.private_from <= profile.family.of_age
    ]
