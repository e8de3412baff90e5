"""Secrets that are handed out once: link tokens and short codes."""

import hashlib
import secrets

_WRITTEN_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_token() -> str:
    """256 random bits as 43 URL-safe characters. Keep `hash_token` of it, never the token."""
    return secrets.token_urlsafe(32)


def new_written_token() -> str:
    """Four groups of four signs without look-alikes, for people who must type it: 79 bits."""
    return "-".join("".join(secrets.choice(_WRITTEN_SIGNS) for _sign in range(4)) for _group in range(4))


def hash_token(token: str) -> bytes:
    """SHA-256, 32 bytes.

    Plain hashing is enough for a token that cannot be guessed; a code needs a keyed digest.
    """
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def new_code(digits: int = 6) -> str:
    """Random decimal digits, leading zeros included."""
    return f"{secrets.randbelow(10**digits):0{digits}}"
