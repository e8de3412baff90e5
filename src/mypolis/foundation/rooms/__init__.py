"""What each room declares in its `AppConfig`. The portal builds every list of pages, jobs, limits etc. from this."""

from mypolis.foundation.rooms.declared import (
    Api,
    Check,
    Command,
    DeskCard,
    DeskEntry,
    DeskSearch,
    HomeCard,
    JourneyKind,
    Kept,
    NavigationEntry,
    Needs,
    Pages,
    Right,
    Role,
    Switch,
    Text,
    Vocabulary,
)
from mypolis.foundation.rooms.registry import all_rooms, declared, extensions
from mypolis.foundation.rooms.room import Room

__all__ = [
    "Api",
    "Check",
    "Command",
    "DeskCard",
    "DeskEntry",
    "DeskSearch",
    "HomeCard",
    "JourneyKind",
    "Kept",
    "NavigationEntry",
    "Needs",
    "Pages",
    "Right",
    "Role",
    "Room",
    "Switch",
    "Text",
    "Vocabulary",
    "all_rooms",
    "declared",
    "extensions",
]
