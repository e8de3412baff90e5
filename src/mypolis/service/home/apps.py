from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.navigation import Room, announce


class HomeConfig(AppConfig):
    name = "mypolis.service.home"
    label = "home"

    def ready(self) -> None:
        """Announce the member's first page, and the one that holds what is left."""
        promise = _("Whether you are covered today, by which policies, and until when")
        announce(Room(10, "home", _("Home"), "home", promise=promise))
        announce(Room(90, "more", _("More"), "menu"))
