"""Passkeys (WebAuthn): adding them, and proving with one who signs in."""
