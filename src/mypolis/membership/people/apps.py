from mypolis.foundation.rooms import Room


class PeopleRoom(Room):
    """What the insurer knows: employers, policies, persons, memberships."""

    name = "mypolis.membership.people"
    label = "people"
    events = "event_kinds.PeopleEvent"
