"""The rooms of this deployment, and lists derived from what they declare."""

from typing import Any

from django.apps import apps

from mypolis.foundation.rooms.room import Room


def all_rooms() -> list[Room]:
    """Every room, in the order of the settings."""
    return [config for config in apps.get_app_configs() if isinstance(config, Room)]


def declared(attribute: str) -> list[Any]:
    """Load everything that the rooms declare under an attribute such as "jobs", in the order of the rooms."""
    return [room.load(reference) for room in all_rooms() for reference in _each(getattr(room, attribute))]


def extensions(point: str) -> list[Any]:
    """Load what other rooms add at an extension point, such as "coverage.policy_sections"."""
    return [room.load(reference) for room in all_rooms() for reference in room.extends.get(point, ())]


def _each(value: str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return value
