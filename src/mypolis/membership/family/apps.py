from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Api, Check, DeskEntry, NavigationEntry, Pages, Room
from mypolis.membership.family.retention import REQUESTS, VIEWINGS
from mypolis.membership.family.rights import STAFF_RELATIONS


class FamilyRoom(Room):
    """Access to other people's cover: families, proxies and the privacy of young people."""

    name = "mypolis.membership.family"
    label = "family"
    events = "event_kinds.FamilyEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=90),)
    staff_pages = (Pages(place=40, urls="staff_relations.desk_urls"),)
    desk_entries = (DeskEntry(80, "desk-staff-relations", _("Insured colleagues"), "family", STAFF_RELATIONS),)
    approvals = ("staff_relations.removal.REMOVAL",)
    api = (Api(),)
    jobs = "jobs"
    rights = (STAFF_RELATIONS,)
    navigation = (
        NavigationEntry(
            50,
            "family",
            _("Family"),
            "family",
            promise=_("Your children’s cover next to yours, and someone you trust who can see yours"),
        ),
    )
    waiting = ("offers.waiting_offers",)
    checks = (Check("findings.findings"),)
    retention = (VIEWINGS, REQUESTS)
    extends = {"desk.person_sections": ("desk_section.FAMILY",)}
