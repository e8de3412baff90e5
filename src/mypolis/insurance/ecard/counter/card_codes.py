"""The content of a card's QR code: the card, the time and the use of the code, signed with the card's own secret.

37 bytes, written as 50 characters, so that a cheap camera can read it. It holds no name, no number, and nothing that
outlives the card.
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
    "now": timedelta(minutes=5),  # the page fetches a new one in time
    "offline": timedelta(hours=12),  # stored on the phone for a place without a network
    "print": timedelta(days=90),  # on paper
}
_USES: tuple[Use, ...] = ("now", "offline", "print")  # codes contain the index: only append
_CLOCKS_DIFFER = timedelta(minutes=1)
_BODY = struct.Struct(">B16sI")
_SIGNATURE = 16
_SHAPE = re.compile(r"[A-Za-z0-9_-]{50}")


@dataclass(frozen=True, kw_only=True)
class Code:
    """A parsed code. It claims to belong to a card; `is_genuine` verifies the claim."""

    card_id: UUID
    use: Use
    made_at: datetime
    signature: bytes

    @property
    def expires_at(self) -> datetime:
        """When the code expires."""
        return self.made_at + LIVES[self.use]

    @property
    def digest(self) -> bytes:
        """16 bytes that identify this code, whatever its spelling."""
        return hashlib.sha256(_body(self.card_id, self.use, self.made_at)).digest()[:16]

    def is_genuine(self, secret: bytes, *, market: str) -> bool:
        """Whether the card with this secret signed it for this market; takes constant time."""
        signed = _sign(_body(self.card_id, self.use, self.made_at), secret, market)
        return hmac.compare_digest(signed, self.signature)

    def is_expired_at(self, now: datetime) -> bool:
        """Whether the code has expired or is dated in the future; a wrong clock must not make a code valid for ever."""
        return now >= self.expires_at or now + _CLOCKS_DIFFER < self.made_at


def make_code(card_id: UUID, secret: bytes, *, market: str, use: Use, made_at: datetime) -> str:
    """The text of a code: 50 characters that are safe in a URL."""
    body = _body(card_id, use, made_at)
    return base64.urlsafe_b64encode(body + _sign(body, secret, market)).decode().rstrip("=")


def read_code(text: str) -> Code | None:
    """The parsed code; None if the text is not a code."""
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
