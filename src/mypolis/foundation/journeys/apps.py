from mypolis.foundation.journeys.retention import JOURNEYS
from mypolis.foundation.rooms import Api, Check, Pages, Room, Vocabulary


class JourneysRoom(Room):
    """The engine of journeys."""

    name = "mypolis.foundation.journeys"
    label = "journeys"
    events = "event_kinds.JourneyEvent"
    limits = "limits"
    vocabulary = Vocabulary(fields=("captcha",))
    pages = (Pages(place=50),)
    api = (Api(member="optional"),)
    jobs = "jobs"
    checks = (Check("findings.findings", needs_sound_profiles=True),)
    short_lived = ("key_rotation.short_lived",)
    retention = (JOURNEYS,)
