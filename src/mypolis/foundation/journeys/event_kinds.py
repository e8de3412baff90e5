"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class JourneyEvent(Kind):
    """What happens to journeys."""

    JOURNEY_STARTED = kind("journey.started", by="member stranger", about="journeys.journey")
    JOURNEY_ANSWERED = kind("journey.answered", by="member stranger", about="journeys.journey")
    JOURNEY_REFUSED = kind("journey.refused", by="member stranger", about="journeys.journey")
    JOURNEY_WENT_BACK = kind("journey.went_back", by="member stranger", about="journeys.journey")
    JOURNEY_LANGUAGE_CHOSEN = kind("journey.language_chosen", by="member stranger", about="journeys.journey")
    JOURNEY_FINISHED = kind("journey.finished", by="member stranger", about="journeys.journey")
    JOURNEY_FORGOTTEN = kind(
        "journey.forgotten",
        by="member stranger system",
        about="journeys.journey",
        or_nothing=True,
        of_no_market=True,
        by_worker=True,
    )
    JOURNEY_LEFT = kind("journey.left", by="stranger member", about="journeys.journey")  # for another site
    JOURNEY_RETURNED = kind("journey.returned", by="stranger member", about="journeys.journey")
