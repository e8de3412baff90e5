from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Api, NavigationEntry, Pages, Room


class HomeRoom(Room):
    """The member's home page, and the market's landing page."""

    name = "mypolis.service.home"
    label = "home"
    pages = (Pages(place=20),)
    api = (Api(),)
    navigation = (
        NavigationEntry(
            10,
            "home",
            _("Home"),
            "home",
            promise=_("Whether you are covered today, by which policies, and until when"),
        ),
        NavigationEntry(90, "more", _("More"), "menu"),
    )
