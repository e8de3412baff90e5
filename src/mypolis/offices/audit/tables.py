"""The list of events."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.staff.lists.tables import DeskTable
from mypolis.offices.audit.presenters import ShownEvent


class TrailTable(DeskTable):
    """Events, the newest first."""

    caption = _("Events")

    number = tables.Column(verbose_name=_("Event"))
    at = tables.Column(verbose_name=_("When"))
    kind = tables.Column(verbose_name=_("Kind of event"))
    actor = tables.Column(verbose_name=_("Who"))
    subject = tables.Column(verbose_name=_("About which row"), default="–")

    def __init__(self, rows: list[ShownEvent], *, market: str, **kwargs: Any) -> None:
        super().__init__(rows, empty_text=_("No event was found."), **kwargs)
        self._market = market

    def render_number(self, value: int) -> SafeString:
        """The number, which leads to the event."""
        return format_html('<a href="{}">{}</a>', reverse("desk-audit-event", args=[self._market, value]), value)

    def render_at(self, value: Any) -> str:
        """The time in the market's zone, to the second."""
        return date_format(localtime(value), "Y-m-d H:i:s")

    def render_actor(self, record: ShownEvent) -> str:
        """The actor, with the name of a colleague."""
        return f"{record.actor} ({record.who})" if record.who else record.actor
