from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import DeskEntry, DeskSearch, Pages, Room
from mypolis.offices.desk.rights import (
    CHANGE_ACCOUNTS,
    CORRECT_CONTACTS,
    RESEND_INVITATIONS,
    SEE_PEOPLE,
    UNLOCK_ACCOUNTS,
)


class DeskRoom(Room):
    """The desk's pages about people."""

    name = "mypolis.offices.desk"
    label = "desk"
    events = "event_kinds.DeskEvent"
    limits = "limits"
    rights = (SEE_PEOPLE, RESEND_INVITATIONS, CHANGE_ACCOUNTS, UNLOCK_ACCOUNTS, CORRECT_CONTACTS)
    approvals = ("helping.contact_approval.CONTACT_CORRECTION", "helping.unlock_approval.UNLOCKING")
    staff_pages = (Pages(place=20, urls="desk_urls"),)
    desk_entries = (DeskEntry(20, "desk-people", _("People"), "family", SEE_PEOPLE),)
    desk_search = DeskSearch("desk-search", "typed", _("Find a person"), SEE_PEOPLE)
