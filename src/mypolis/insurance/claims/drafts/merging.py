"""Two devices on one draft: keeps what only one of them changed, and names what both changed differently."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Merged:
    """`values` to save, and the names of fields on which both devices disagree; those are not in `values`."""

    values: Mapping[str, Any]
    conflicts: tuple[str, ...]


def merge(*, base: Mapping[str, Any], saved: Mapping[str, Any], typed: Mapping[str, Any]) -> Merged:
    """Apply what was typed on top of a newer draft.

    `base` is what this device started from, `saved` what the draft holds now, `typed` what this device sends. A field
    that this device did not change is left as saved; one that the other device left alone is taken. A field that both
    changed to the same value is no conflict.
    """
    values: dict[str, Any] = {}
    conflicts: list[str] = []
    for name, value in typed.items():
        before, now = base.get(name), saved.get(name)
        if value in (before, now):
            continue
        if now == before:
            values[name] = value
        else:
            conflicts.append(name)
    return Merged(values, tuple(conflicts))
