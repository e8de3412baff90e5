from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.web.navigation import Room, announce
from mypolis.foundation.web.sections import Section, put_on_home


class CoverageConfig(AppConfig):
    name = "mypolis.insurance.coverage"
    label = "coverage"

    def ready(self) -> None:
        """Announce the room of cover, and put what is left of it on home."""
        from mypolis.insurance.coverage.pages.home_card import cover_at_home  # noqa: PLC0415 - models are loaded only now
        from mypolis.insurance.coverage.pages.policy_page import Part, put_on_policy  # noqa: PLC0415
        from mypolis.insurance.coverage.pages.policy_sections import documents_on_policy, payments_on_policy  # noqa: PLC0415

        promise = _("What you are covered for, how much is left, and what to do when you need it")
        announce(Room(20, "cover", _("Cover"), "shield", promise=promise))
        put_on_policy(Part(10, "coverage/parts/payments.html", facts=payments_on_policy))
        put_on_policy(Part(20, "coverage/parts/documents.html", facts=documents_on_policy))
        put_on_home(Section(20, "coverage/parts/home.html", facts=cover_at_home))
