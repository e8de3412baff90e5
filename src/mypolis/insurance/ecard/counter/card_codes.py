"""What a card's QR code holds: which card, when the code was made and for which use, signed with the card's own secret.

37 bytes, written as 50 signs, so that a cheap camera reads it. No name, no number, nothing that outlives the card.
"""

import base64
import binascii
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

type Use = Literal["now", "offline", "print"]

LIVES: dict[Use, timedelta] = {
    "now": timedelta(minutes=5),  # shown by a page that fetches a new one in time
    "offline": timedelta(hours=12),  # kept on the phone for a place without a network
    "print": timedelta(days=90),  # on paper
}
_USES: tuple[Use, ...] = ("now", "offline", "print")  # their places stand in codes: add at the end only
_CLOCKS_DIFFER = timedelta(minutes=1)
_BODY = struct.Struct(">B16sI")
_SIGNATURE = 16
_SHAPE = re.compile(r"[A-Za-z0-9_-]{50}")


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code as it was read. It claims to be one of a card; `is_genuine` tells whether it is."""

    card_id: UUID
    use: Use
    made_at: datetime
    signature: bytes

    @property
    def expires_at(self) -> datetime:
        """When it is no longer taken."""
        return self.made_at + LIVES[self.use]

    @property
    def digest(self) -> bytes:
        """16 bytes that stand for this code, however it was spelt."""
        return hashlib.sha256(_body(self.card_id, self.use, self.made_at)).digest()[:16]

    def is_genuine(self, secret: bytes, *, market: str) -> bool:
        """Whether the card with this secret signed it for this market; takes as long either way."""
        signed = _sign(_body(self.card_id, self.use, self.made_at), secret, market)
        return hmac.compare_digest(signed, self.signature)

    def is_expired_at(self, now: datetime) -> bool:
        """Whether its time is over, or has not come: a clock that went wrong is not a code for ever."""
        return now >= self.expires_at or now + _CLOCKS_DIFFER < self.made_at


def make_code(card_id: UUID, secret: bytes, *, market: str, use: Use, made_at: datetime) -> str:
    """The text of a code: 50 signs that may stand in an address."""
    body = _body(card_id, use, made_at)
    return base64.urlsafe_b64encode(body + _sign(body, secret, market)).decode().rstrip("=")


def read_code(text: str) -> Code | None:
    """What a code claims; None for what is no code at all."""
    if not _SHAPE.fullmatch(text):
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "==")
    except binascii.Error:
        return None
    use, card_id, seconds = _BODY.unpack(raw[: _BODY.size])
    if use >= len(_USES):
        return None
    made_at = datetime.fromtimestamp(seconds, UTC)
    return Code(card_id=UUID(bytes=card_id), use=_USES[use], made_at=made_at, signature=raw[_BODY.size :])


def _body(card_id: UUID, use: Use, made_at: datetime) -> bytes:
    return _BODY.pack(_USES.index(use), card_id.bytes, int(made_at.timestamp()))


def _sign(body: bytes, secret: bytes, market: str) -> bytes:
    return hmac.new(secret, b"mypolis card " + market.encode() + b" " + body, hashlib.sha256).digest()[:_SIGNATURE]
