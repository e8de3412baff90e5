"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class ConsentEvent(Kind):
    """Events about consents."""

    CONSENT_GIVEN = kind("consent.given", by="member", about="accounts.account")
    CONSENT_WITHDRAWN = kind("consent.withdrawn", by="member", about="accounts.account")
