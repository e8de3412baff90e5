"""A partner token's rights and longest life. Imports nothing from Django: the command line reads it first."""

import re
from datetime import timedelta

from mypolis.installed import room_classes

LONGEST_LIFE = timedelta(days=400)
USUAL_LIFE = timedelta(days=365)
PARTNER_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def partner_rights() -> dict[str, str]:
    """Every right that rooms declare for partners, with its description in English."""
    rights = (right for room in room_classes() for right in room.rights if "partner" in right.holders)
    return {right.name: str(right.does) for right in rights}
