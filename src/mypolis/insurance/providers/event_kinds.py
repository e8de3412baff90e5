"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind

_KEY = "providers.providertoken"


class ProviderEvent(Kind):
    """Events about providers and their tokens."""

    PROVIDER_SAVED = kind("provider.saved", by="staff system", about="providers.provider")
    PROVIDER_TOKEN_ISSUED = kind("provider.token_issued", by="staff", about=_KEY)
    PROVIDER_TOKEN_ENDED = kind("provider.token_ended", by="staff", about=_KEY)
