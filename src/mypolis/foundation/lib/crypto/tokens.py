"""Random single-use secrets: tokens for links and short codes."""

import hashlib
import secrets

_WRITTEN_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_token() -> str:
    """Return 256 random bits as 43 URL-safe characters. Store its `hash_token`, never the token."""
    return secrets.token_urlsafe(32)


def new_written_token() -> str:
    """Return four groups of four unambiguous characters (79 bits), for people who must type it."""
    return "-".join("".join(secrets.choice(_WRITTEN_CHARACTERS) for _place in range(4)) for _group in range(4))


def hash_token(token: str) -> bytes:
    """SHA-256, 32 bytes.

    A plain hash is enough for a token that cannot be guessed. A short code needs a keyed digest.
    """
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def new_code(digits: int = 6) -> str:
    """Random decimal digits, leading zeros included."""
    return f"{secrets.randbelow(10**digits):0{digits}}"
