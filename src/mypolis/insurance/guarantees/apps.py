from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Api, NavigationEntry, Pages, Room
from mypolis.insurance.guarantees.rights import GUARANTEES


class GuaranteesRoom(Room):
    """Guarantee letters for planned treatment."""

    name = "mypolis.insurance.guarantees"
    label = "guarantees"
    events = "event_kinds.GuaranteeEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=92),)
    api = (Api(router="provider_api.router"),)
    rights = (GUARANTEES,)
    jobs = "jobs"
    navigation = (NavigationEntry(60, "guarantees", _("Guarantees"), "file", seldom=True),)
    file_owners = ("guarantees.guaranteeletter",)
    extends = {"claims.guarantees": ("lifecycle.settling.settle",)}
