"""For `mypolis check`: whether the key ring can be used."""

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.keyring import KeyRingError


def findings(_profiles: object) -> list[str]:
    """Report that there is no usable key ring."""
    try:
        keyring.current()
    except KeyRingError as error:
        return [f"MYPOLIS_KEYS_FILE: {error}"]
    return []
