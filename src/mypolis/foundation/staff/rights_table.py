"""All rights of staff, from what the rooms declare. Pages check them with `access.needs`; the reference shows them."""

from mypolis.foundation.rooms import Right, all_rooms


def staff_rights() -> tuple[Right, ...]:
    """Every right that a member of staff can have, by name."""
    found = {right.name: right for room in all_rooms() for right in room.rights if right.roles}
    return tuple(found[name] for name in sorted(found))
