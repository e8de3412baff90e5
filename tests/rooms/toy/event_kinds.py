from mypolis.foundation.events.kinds import Kind, kind


class ToyEvent(Kind):
    """Events about umbrellas."""

    UMBRELLA_LOST = kind("umbrella.lost", by="member", about="toy.umbrella")
