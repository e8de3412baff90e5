"""A partner token's rights. Imports nothing from Django: the command line reads it first."""

import re

from mypolis.foundation.program_tokens.rights import rights_of
from mypolis.installed import room_classes

PARTNER_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def partner_rights() -> dict[str, str]:
    """Every right that rooms declare for partners, with its description in English."""
    return rights_of("partner", room_classes())
