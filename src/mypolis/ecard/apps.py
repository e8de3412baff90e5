from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from mypolis.web.navigation import Room, announce
from mypolis.web.sections import Section, put_on_home


class EcardConfig(AppConfig):
    name = "mypolis.ecard"
    label = "ecard"

    def ready(self) -> None:
        """Announce the card, which also opens without a network, and put it on home."""
        from mypolis.ecard.at_home import card_at_home  # noqa: PLC0415 - needs models

        promise = _("A card to show at the clinic, on your phone and on paper")
        announce(Room(50, "card", _("Card"), "card", promise=promise, opens_offline=True))
        put_on_home(Section(15, "ecard/home.html", facts=card_at_home))
