"""For `mypolis check`: whether uploads can be scanned."""

from mypolis.foundation.files.scanning.configured_scanner import BadScannerError, scanner


def findings(_profiles: object) -> list[str]:
    """The problem of `MYPOLIS_SCANNER_URL`; empty when there is none. Does not connect."""
    try:
        scanner()
    except BadScannerError as error:
        return [f"MYPOLIS_SCANNER_URL: {error}"]
    return []
