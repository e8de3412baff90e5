"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind

_WHO = "member staff system"


class FactorEvent(Kind):
    """What happens to passkeys, authenticator apps and recovery codes. Those of the desk belong to no market."""

    PASSKEY_ADDED = kind("passkey.added", by=_WHO, about="factors.passkey", of_no_market=True)
    PASSKEY_RENAMED = kind("passkey.renamed", by=_WHO, about="factors.passkey", of_no_market=True)
    PASSKEY_REMOVED = kind("passkey.removed", by=_WHO, about="factors.passkey", of_no_market=True)
    PASSKEY_SUSPECTED = kind("passkey.suspected", by=_WHO, about="factors.passkey", of_no_market=True)
    APP_LINKED = kind("app.linked", by=_WHO, about="factors.holder", of_no_market=True)
    APP_UNLINKED = kind("app.unlinked", by=_WHO, about="factors.holder", of_no_market=True)
    RECOVERY_CODES_MADE = kind("recovery_codes.made", by=_WHO, about="factors.holder", of_no_market=True)
    RECOVERY_CODES_VOIDED = kind("recovery_codes.voided", by=_WHO, about="factors.holder", of_no_market=True)
    RECOVERY_CODE_USED = kind("recovery_code.used", by=_WHO, about="factors.holder", of_no_market=True)
