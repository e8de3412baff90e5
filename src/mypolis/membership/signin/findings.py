"""What `mypolis check` finds about registration and sign-in, taken together."""

from collections.abc import Iterable

from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.definitions.steps import Definition
from mypolis.foundation.markets import Profile


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Ways to register after which nobody has proven that a contact point is theirs.

    They prove it while registering, or at the sign-in that must follow.
    """
    return [finding for profile in profiles for finding in _unproven(profile.code)]


def _unproven(market: str) -> list[str]:
    found = registry.definitions()
    if any(_always_proves(one) for one in found.get((market, "signin"), ())):
        return []
    return [
        f"{market}/register/{definition.ways[0]}: no step proves possession of a contact point, and sign-in "
        f"does not always ask a code; add a code step, or set signin.code_when to 'always'"
        for definition in found.get((market, "register"), ())
        if not _always_proves(definition)
    ]


def _always_proves(definition: Definition) -> bool:
    """Whether everybody meets a proving step; a condition counts as met by somebody of whom nothing is known yet."""
    return any(step.proves and step.asked({}) for step in definition.steps)
