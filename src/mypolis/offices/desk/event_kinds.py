"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class DeskEvent(Kind):
    """What staff do with people's data at the desk."""

    PERSON_SEARCHED = kind("person.searched", by="staff")
    PERSON_HELPED = kind("person.helped", by="staff", about="people.person")
