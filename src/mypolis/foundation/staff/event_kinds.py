"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind

_WHO = "staff stranger system"


class StaffEvent(Kind):
    """What happens to staff accounts, their roles and sessions."""

    STAFF_INVITED = kind("staff.invited", by="staff system", about="staff.staffaccount", of_no_market=True)
    STAFF_JOINED = kind("staff.joined", by=_WHO, about="staff.staffaccount", of_no_market=True)
    STAFF_RESET = kind("staff.reset", by="staff system", about="staff.staffaccount", of_no_market=True)
    STAFF_SIGNED_IN = kind("staff.signed_in", by=_WHO, about="staff.staffaccount", of_no_market=True)
    STAFF_REFUSED = kind("staff.refused", by=_WHO, about="staff.staffaccount", or_nothing=True, of_no_market=True)
    STAFF_PROVEN = kind("staff.proven", by="staff", about="staff.staffaccount", of_no_market=True)
    STAFF_SIGNED_OUT = kind("staff.signed_out", by=_WHO, about="staff.staffaccount", of_no_market=True)
    STAFF_PASSWORD_CHANGED = kind("staff.password_changed", by=_WHO, about="staff.staffaccount", of_no_market=True)
    STAFF_ROLE_GIVEN = kind("staff.role_given", by="staff system", about="staff.staffaccount")
    STAFF_ROLE_TAKEN = kind("staff.role_taken", by="staff system", about="staff.staffaccount")
    APPROVAL_PROPOSED = kind("approval.proposed", by="staff", about="staff.approval")
    APPROVAL_CLOSED = kind("approval.closed", by="staff system", about="staff.approval")
    STAFF_CLOSED = kind("staff.closed", by="staff system", about="staff.staffaccount", of_no_market=True)
    STAFF_REOPENED = kind("staff.reopened", by="staff system", about="staff.staffaccount", of_no_market=True)
    FILTER_SAVED = kind("filter.saved", by="staff", about="staff.savedfilter")
    FILTER_FORGOTTEN = kind("filter.forgotten", by="staff", about="staff.savedfilter")
    STAFF_SESSIONS_FORGOTTEN = kind("staff.sessions_forgotten", by="system", of_no_market=True, by_worker=True)
