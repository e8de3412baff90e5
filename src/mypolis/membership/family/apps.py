from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.navigation import Room, announce
from mypolis.foundation.web.sections import let_wait


class FamilyConfig(AppConfig):
    name = "mypolis.membership.family"
    label = "family"

    def ready(self) -> None:
        """Announce the family's page, and let offers wait at home."""
        from mypolis.membership.family.offers import waiting_offers  # noqa: PLC0415 - needs the models

        promise = _("Your children’s cover next to yours, and someone you trust who can see yours")
        announce(Room(50, "family", _("Family"), "family", promise=promise))
        let_wait(waiting_offers)
