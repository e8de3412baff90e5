"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class RosterEvent(Kind):
    """Events about lists of insured people and about invitations."""

    ROSTER_LOADED = kind("roster.loaded", by="staff", about="roster.rosterload")
    INVITATION_SENT = kind("invitation.sent", by="member staff stranger system", about="roster.invitation")
    INVITATION_VOIDED = kind("invitation.voided", by="member staff stranger system", about="roster.invitation")
    INVITATION_USED = kind("invitation.used", by="member staff stranger system", about="roster.invitation")
    INVITATION_BOUNCED = kind("invitation.bounced", by="member staff stranger system", about="roster.invitation")
