"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class AuditEvent(Kind):
    """Events about the trail itself: who read it, verified it, took a copy. Their facts are what was searched for."""

    AUDIT_READ = kind("audit.read", by="staff")
    AUDIT_EXPORTED = kind("audit.exported", by="staff")
    VERIFICATION_ASKED = kind("verification.asked", by="staff", about="audit.verification")
    VERIFICATION_ENDED = kind("verification.ended", by="system", about="audit.verification", by_worker=True)
