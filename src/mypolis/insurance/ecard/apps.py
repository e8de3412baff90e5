from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Api, HomeCard, NavigationEntry, Pages, Room
from mypolis.insurance.ecard.retention import LOOKS


class EcardRoom(Room):
    """Insurance cards, and letters that confirm a cover."""

    name = "mypolis.insurance.ecard"
    label = "ecard"
    events = "event_kinds.CardEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=80),)
    api = (Api(),)
    jobs = "jobs"
    navigation = (
        NavigationEntry(
            50,
            "card",
            _("Card"),
            "card",
            promise=_("A card to show at the clinic, on your phone and on paper"),
            opens_offline=True,
        ),
    )
    home_cards = (HomeCard(15, "ecard/home.html", "home_card.card_at_home"),)
    file_owners = ("ecard.letter",)
    retention = (LOOKS,)
    extends = {
        "coverage.policy_sections": ("letters.views.LETTERS",),
        "desk.person_sections": ("desk_section.CARDS",),
        "operators.counted_for_membership": ("limit_inspection.counted_for_membership",),
    }
