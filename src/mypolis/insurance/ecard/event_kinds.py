"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class CardEvent(Kind):
    """Events about cards and letters."""

    CARD_ACTIVATED = kind("card.activated", by="member stranger", about="ecard.card")
    CARD_REISSUED = kind("card.reissued", by="member stranger", about="ecard.card")
    CARD_CHECKED = kind("card.checked", by="member stranger provider", about="ecard.card")
    CARD_LOOKS_FORGOTTEN = kind(
        "card.looks_forgotten",
        by="member stranger system",
        about="ecard.card",
        or_nothing=True,
        of_no_market=True,
        by_worker=True,
    )
    LETTER_ISSUED = kind("letter.issued", by="member stranger", about="ecard.letter")
    LETTER_CHECKED = kind("letter.checked", by="member stranger", about="ecard.letter")
