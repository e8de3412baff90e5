"""What a room brings to the portal: declared once, in the room's `AppConfig`; every list of such things is derived."""

from mypolis.foundation.rooms.declared import (
    Api,
    Check,
    Command,
    HomeCard,
    Kept,
    NavigationEntry,
    Needs,
    Pages,
    Right,
    Text,
)
from mypolis.foundation.rooms.registry import all_rooms, declared, extensions
from mypolis.foundation.rooms.room import Room

__all__ = [
    "Api",
    "Check",
    "Command",
    "HomeCard",
    "Kept",
    "NavigationEntry",
    "Needs",
    "Pages",
    "Right",
    "Room",
    "Text",
    "all_rooms",
    "declared",
    "extensions",
]
