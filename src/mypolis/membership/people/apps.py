from mypolis.foundation.rooms import Room


class PeopleRoom(Room):
    """What the insurer has on file: employers, policies, persons, memberships."""

    name = "mypolis.membership.people"
    label = "people"
    events = "event_kinds.PeopleEvent"
