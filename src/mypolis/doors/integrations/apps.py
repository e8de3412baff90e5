from django.utils.translation import gettext_lazy as _

from mypolis.doors.integrations.desk_rights import PARTNER_TOKENS
from mypolis.foundation.rooms import Api, Command, DeskEntry, Pages, Room


class IntegrationsRoom(Room):
    """Partners' programs: their tokens, and what they may do with the API."""

    name = "mypolis.doors.integrations"
    label = "integrations"
    events = "event_kinds.PartnerEvent"
    limits = "limits"
    api = (Api(), Api(router="claims_api.router"))
    commands = (Command("partners", "manage the tokens of partners' programs"),)
    rights = (PARTNER_TOKENS,)
    approvals = ("giving.PARTNER_TOKEN",)
    staff_pages = (Pages(place=90, urls="desk_urls"),)
    desk_entries = (DeskEntry(92, "desk-partners", _("Partners"), "key", PARTNER_TOKENS),)
