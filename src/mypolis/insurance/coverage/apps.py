from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Api, Command, HomeCard, NavigationEntry, Pages, Room
from mypolis.insurance.coverage.rights import COVER_ENTRIES, PLAN_BOOKS


class CoverageRoom(Room):
    """What members are covered for, and how much is left."""

    name = "mypolis.insurance.coverage"
    label = "coverage"
    events = "event_kinds.CoverageEvent"
    pages = (Pages(place=70),)
    api = (Api(),)
    commands = (Command("cover", "load plan books, and what members use of them"),)
    navigation = (
        NavigationEntry(
            20,
            "cover",
            _("Cover"),
            "shield",
            promise=_("What you are covered for, how much is left, and what to do when you need it"),
        ),
    )
    home_cards = (HomeCard(20, "coverage/parts/home.html", "pages.home_card.cover_at_home"),)
    rights = (PLAN_BOOKS, COVER_ENTRIES)
    file_owners = ("people.policy", "people.membership")
    extends = {"coverage.policy_sections": ("pages.policy_sections.PAYMENTS", "pages.policy_sections.DOCUMENTS")}
