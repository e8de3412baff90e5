"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class NoticeEvent(Kind):
    """Events about messages and gateways."""

    MESSAGE_QUEUED = kind("message.queued", by="member staff stranger system partner", about="notices.message")
    MESSAGE_TAKEN = kind("message.taken", by="member staff stranger system", about="notices.message", by_worker=True)
    MESSAGE_GIVEN_UP = kind(
        "message.given_up", by="member staff stranger system", about="notices.message", by_worker=True
    )
    MESSAGE_WITHDRAWN = kind("message.withdrawn", by="member staff stranger system", about="notices.message")
    MESSAGE_IN_DOUBT = kind(
        "message.in_doubt", by="member staff stranger system", about="notices.message", by_worker=True
    )
    MESSAGE_DELIVERED = kind(
        "message.delivered", by="member staff stranger system", about="notices.message", by_worker=True
    )
    MESSAGE_UNDELIVERABLE = kind(
        "message.undeliverable", by="member staff stranger system", about="notices.message", by_worker=True
    )
    GATEWAY_DOWN = kind("gateway.down", by="system", about="notices.gatewayhealth", of_no_market=True)
    GATEWAY_UP = kind("gateway.up", by="system", about="notices.gatewayhealth", of_no_market=True)
