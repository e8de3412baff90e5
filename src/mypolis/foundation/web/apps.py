from mypolis.foundation.rooms import Check, DeskCard, Pages, Room
from mypolis.foundation.web.rights import PORTAL_STATE


class WebRoom(Room):
    """What all pages share: layout, fields, brand, errors, logs, health checks."""

    name = "mypolis.foundation.web"
    label = "web"
    pages = (Pages(place=5, urls="monitoring.urls"), Pages(place=30))
    rights = (PORTAL_STATE,)
    desk_cards = (DeskCard(85, "web/desk/jobs.html", "monitoring.desk_card.jobs_at_desk", PORTAL_STATE, beside=True),)
    checks = (Check("branding.findings.findings"),)

    def ready(self) -> None:
        """Set up logging before the first log line, and register `<market:…>` before URLs are loaded."""
        from mypolis.foundation.web import converters  # noqa: PLC0415 - needs settings
        from mypolis.foundation.web.monitoring import logs  # noqa: PLC0415

        super().ready()
        logs.set_up()
        converters.register()
