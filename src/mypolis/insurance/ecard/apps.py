from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.navigation import Room, announce
from mypolis.foundation.web.sections import Section, put_on_home


class EcardConfig(AppConfig):
    name = "mypolis.insurance.ecard"
    label = "ecard"

    def ready(self) -> None:
        """Announce the card, which opens without a network too; put it on home and letters on a policy's page."""
        from mypolis.insurance.coverage.pages.policy_page import Part, put_on_policy  # noqa: PLC0415 - needs models
        from mypolis.insurance.ecard.home_card import card_at_home  # noqa: PLC0415
        from mypolis.insurance.ecard.letters.views import letters_on_policy  # noqa: PLC0415

        promise = _("A card to show at the clinic, on your phone and on paper")
        announce(Room(50, "card", _("Card"), "card", promise=promise, opens_offline=True))
        put_on_home(Section(15, "ecard/home.html", facts=card_at_home))
        put_on_policy(Part(30, "ecard/parts/letters.html", facts=letters_on_policy))
