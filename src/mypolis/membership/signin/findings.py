"""For `mypolis check`: whether registration or sign-in proves that a contact point belongs to the person."""

from collections.abc import Iterable

from mypolis.foundation.journeys.definitions import registry
from mypolis.foundation.journeys.definitions.steps import Definition
from mypolis.foundation.markets import Profile


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Report ways to register that do not prove a contact point, in markets whose sign-in does not always prove one."""
    return [finding for profile in profiles for finding in _unproven(profile.code)]


def _unproven(market: str) -> list[str]:
    found = registry.definitions()
    if any(_always_proves(one) for one in found.get((market, "signin"), ())):
        return []
    return [
        f"{market}/register/{definition.ways[0]}: no step proves possession of a contact point, and sign-in "
        f"does not always ask for a code; add a code step, or set signin.code_when to 'always'"
        for definition in found.get((market, "register"), ())
        if not _always_proves(definition)
    ]


def _always_proves(definition: Definition) -> bool:
    """Whether everybody gets a step that proves a contact point. Conditions are evaluated without any answers."""
    return any(step.proves and step.asked({}) for step in definition.steps)
