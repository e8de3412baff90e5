from mypolis.foundation.events.kinds import Kind, kind


class ToyEvent(Kind):
    """What happens to umbrellas."""

    UMBRELLA_LOST = kind("umbrella.lost", by="member", about="toy.umbrella")
