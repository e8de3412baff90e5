"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class PartnerEvent(Kind):
    """Events about partners' tokens."""

    PARTNER_TOKEN_ISSUED = kind("partner.token_issued", by="staff", about="integrations.partnertoken")
    PARTNER_TOKEN_ENDED = kind("partner.token_ended", by="staff", about="integrations.partnertoken")
