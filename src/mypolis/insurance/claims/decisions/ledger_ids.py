"""The external ids of a claim's entries in the ledger, and the keys that its lines share in limits."""

from base64 import urlsafe_b64encode
from datetime import date
from functools import lru_cache
from uuid import UUID

PREFIX = "mp/"


@lru_cache(maxsize=8_192)
def short(key: UUID) -> str:
    """A UUID in 22 characters."""
    return urlsafe_b64encode(key.bytes).decode().rstrip("=")


def claim_prefix(claim: UUID) -> str:
    """The beginning of the ids of a claim's entries."""
    return f"{PREFIX}{short(claim)}/"


def reservation_id(claim: UUID, line: str, day: date) -> str:
    """The id of the entry that reserves for one day of a line; `line` is the key of an adjudicated line."""
    return f"{_of_day(claim, line, day)}/r"


def use_id(claim: UUID, line: str, day: date, decision: int) -> str:
    """The id of the entry for what a decision uses on one day of a line."""
    return f"{_of_day(claim, line, day)}/d{decision}"


def returned_id(external_id: str) -> str:
    """The id of the entry that takes another one back."""
    return f"{external_id}/x"


def _of_day(claim: UUID, line: str, day: date) -> str:
    return f"{claim_prefix(claim)}{short(UUID(line))}/{day:%Y%m%d}"
