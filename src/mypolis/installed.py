"""The rooms of this deployment: the product's rooms, lowest first, and those that `MYPOLIS_ROOMS` adds.

Part of the settings, but in its own module: the command line reads it before the other settings are validated.
"""

import os
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.rooms import Room

ROOMS = (
    "mypolis.foundation.events",
    "mypolis.foundation.web",
    "mypolis.foundation.guards",
    "mypolis.foundation.notices",
    "mypolis.foundation.files",
    "mypolis.foundation.journeys",
    "mypolis.foundation.keys",
    "mypolis.foundation.factors",
    "mypolis.foundation.staff",
    "mypolis.foundation.switches",
    "mypolis.membership.people",
    "mypolis.membership.accounts",
    "mypolis.membership.uploads",
    "mypolis.membership.consents",
    "mypolis.membership.roster",
    "mypolis.membership.family",
    "mypolis.membership.registration",
    "mypolis.membership.signin",
    "mypolis.membership.operators",
    "mypolis.insurance.emergencies",
    "mypolis.insurance.coverage",
    "mypolis.insurance.bank_accounts",
    "mypolis.insurance.ecard",
    "mypolis.insurance.providers",
    "mypolis.insurance.claims",
    "mypolis.insurance.guarantees",
    "mypolis.service.home",
    "mypolis.offices.desk",
    "mypolis.offices.reports",
    "mypolis.offices.audit",
    "mypolis.doors.integrations",
    "mypolis.doors.api",
)


def installed_rooms() -> list[str]:
    """The dotted names of all rooms, in order. The settings add the demo's room."""
    added = os.environ.get("MYPOLIS_ROOMS", "").split(",")
    return [*ROOMS, *(name.strip() for name in added if name.strip())]


def room_classes() -> list[type[Room]]:
    """The class of every room. Needs neither settings nor Django. Raises ImproperlyConfigured if one is no room."""
    return [_class_of(name) for name in installed_rooms()]


def _class_of(name: str) -> type[Room]:
    try:
        found = vars(import_module(f"{name}.apps")).values()
    except ImportError as error:
        raise ImproperlyConfigured(f"MYPOLIS_ROOMS: {name} is not a room: {error}") from error
    rooms = [one for one in found if isinstance(one, type) and issubclass(one, Room) and one is not Room]
    if len(rooms) != 1:
        raise ImproperlyConfigured(f"{name}.apps must declare one Room, and declares {len(rooms)}")
    return rooms[0]
