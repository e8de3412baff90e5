"""Reads the code of a receipt of any country that we know."""

from zoneinfo import ZoneInfo

from mypolis.insurance.claims.receipts.russian_code import read_russian
from mypolis.insurance.claims.receipts.serbian_code import read_serbian
from mypolis.insurance.claims.receipts.suggestion import Suggestion

_LONGEST = 4096  # a QR code holds at most 4,296 letters, a receipt's about 1,200


def read_code(text: str, zone: ZoneInfo) -> Suggestion | None:
    """Return what a code from a receipt suggests; None for any other text. Never raises.

    `zone` is the market's: a Serbian code holds a moment, a Russian one the day as printed. Do not keep the text.
    """
    if len(text) > _LONGEST:
        return None
    return read_russian(text) or read_serbian(text, zone)
