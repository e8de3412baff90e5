"""The code of a Serbian fiscal receipt: an address of the tax office whose parameter `vl` is the receipt in binary.

Layout (official page "Create Verification URL"; checked with public receipts): version (1 byte, 3), requestedBy and
signedBy (8 + 8, ASCII), total counter and counter of the type (4 + 4, little-endian), amount × 10,000 (8,
little-endian), milliseconds since 1970 in UTC (8, big-endian), kind of invoice (1), kind of transaction (1), length of
the buyer's id (1), the id (padded with zeros in some receipts), internal data (256 or 512), signature (256), MD5 of all
before (16).
"""

import base64
import binascii
import hashlib
import re
import struct
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from mypolis.insurance.claims.receipts.suggestion import Suggestion

_HOST, _PATHS, _PORTS = "suf.purs.gov.rs", ("/v", "/v/"), (None, 443)
_VERSION = 3
_HEADER = struct.Struct("<B8s8sIIQ")
_AFTER = struct.Struct(">QBBB")
_HEAD = _HEADER.size + _AFTER.size
_SIGNATURE, _MD5, _LONGEST_BUYER = 256, 16, 20
_INTERNAL = (256, 512)
_DEVICE = re.compile(rb"[A-Za-z0-9]{8}")
_PAID = (0, 4)  # a normal invoice, or one for an advance payment; not a proforma, a copy or a training receipt
_SALE = 0
_PADDED = re.compile(r"(=+) +$")


def read_serbian(text: str, zone: ZoneInfo) -> Suggestion | None:
    """Return what the code says, with the day in this time zone; None if it is no code of a Serbian receipt.

    A wrong MD5 lowers the trust and refuses nothing: a public receipt has one.
    """
    data = _data(text)
    if data is None or not _has_layout(data):
        return None
    _version, requested_by, signed_by, counter, _of_type, amount = _HEADER.unpack_from(data)
    milliseconds, invoice, transaction, buyer = _AFTER.unpack_from(data, _HEADER.size)
    day = _day(milliseconds, zone)
    money = (Decimal(amount) / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if day is None or not money or not (_DEVICE.fullmatch(requested_by) and _DEVICE.fullmatch(signed_by)):
        return None
    is_intact = hashlib.md5(data[:-_MD5], usedforsecurity=False).digest() == data[-_MD5:]
    return Suggestion(
        kind="rs",
        day=day,
        amount=money,
        currency="RSD",
        number=f"{requested_by.decode()}-{signed_by.decode()}-{counter}",
        is_proof_of_payment=invoice in _PAID and transaction == _SALE,
        trust="intact" if is_intact else "damaged",
        names_buyer=buyer > 0,
    )


def _data(text: str) -> bytes | None:
    """Return the binary receipt in the address; None if it is another address or no base64."""
    try:
        url = urlsplit(text.strip("\r\n\t").lstrip())
        is_ours = url.scheme in ("https", "http") and url.username is None and url.port in _PORTS
    except ValueError:
        return None
    if not is_ours or url.hostname != _HOST or url.path not in _PATHS:
        return None
    values = [part[3:] for part in url.query.split("&") if part.startswith("vl=")]
    if len(values) != 1:
        return None
    # Some programs turn "+" into a space, as in forms; base64 has no spaces.
    encoded = _PADDED.sub(r"\1", unquote(values[0])).replace(" ", "+").rstrip("=")
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _has_layout(data: bytes) -> bool:
    """Whether version and length are those of a receipt. The buyer's id has its own length, or is padded to 20."""
    if len(data) < _HEAD or data[0] != _VERSION:
        return False
    buyer = data[_HEAD - 1]
    spaces = [len(data) - _HEAD - internal - _SIGNATURE - _MD5 for internal in _INTERNAL]
    return any(buyer <= space <= _LONGEST_BUYER for space in spaces)


def _day(milliseconds: int, zone: ZoneInfo) -> date | None:
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)).astimezone(zone).date()
    except (OverflowError, ValueError):
        return None
