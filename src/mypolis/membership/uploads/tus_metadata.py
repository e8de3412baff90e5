"""The header `Upload-Metadata` of the tus protocol: pairs of a key and a value in base64, separated by commas."""

import base64
import binascii
import re

_KEY = re.compile(r"[!-+\--~]{1,40}")  # printable ASCII without spaces and commas
_LONGEST = 4_000
_MOST_PAIRS = 20


class MetadataError(ValueError):
    """The header does not follow the protocol."""


def parse_metadata(header: str) -> dict[str, str]:
    """The pairs; a key without a value has the value "". Raises MetadataError, also if a key appears twice."""
    if len(header) > _LONGEST:
        raise MetadataError("too long")
    found: dict[str, str] = {}
    for pair in header.split(",") if header.strip() else []:
        key, _space, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise MetadataError("a key is missing, repeated, or has forbidden characters")
        found[key] = _decoded(value)
    if len(found) > _MOST_PAIRS:
        raise MetadataError("too many pairs")
    return found


def _decoded(value: str) -> str:
    try:
        text = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):  # ValueError: not ASCII, or not UTF-8
        raise MetadataError("a value is not UTF-8 in base64") from None
    if "\0" in text:
        raise MetadataError("a value has a null character, which PostgreSQL cannot store")
    return text
