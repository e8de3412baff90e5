from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import Check, Command, DeskEntry, Pages, Room
from mypolis.foundation.staff.retention import STAFF_SESSIONS
from mypolis.foundation.staff.rights import MANAGE_STAFF, SEE_COLLEAGUES, TRIAL_MESSAGES


class StaffRoom(Room):
    """Accounts of staff, their roles and rights, and the frame of the desk."""

    name = "mypolis.foundation.staff"
    label = "staff"
    events = "event_kinds.StaffEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=95),)
    commands = (Command("staff", "invite colleagues to the desk, give and take roles"),)
    checks = (Check("findings.findings", needs_sound_profiles=True),)
    jobs = "jobs"
    approvals = (
        "team.role_approvals.ROLE_CHANGE",
        "team.role_approvals.INVITATION",
        "team.role_approvals.RESET",
        "team.role_approvals.REOPENING",
    )
    rights = (SEE_COLLEAGUES, MANAGE_STAFF, TRIAL_MESSAGES)
    desk_entries = (
        DeskEntry(84, "desk-trial-message", _("Test message"), "mail", TRIAL_MESSAGES),
        DeskEntry(90, "desk-colleagues", _("Colleagues"), "user", SEE_COLLEAGUES),
    )
    retention = (STAFF_SESSIONS,)
