"""Codes of authenticator apps (RFC 6238: six digits, 30 seconds, SHA-1, which all apps support). Pure."""

from datetime import datetime

from django.utils.crypto import constant_time_compare
from pyotp import TOTP, random_base32

_APART = 1  # steps that the phone's clock may be ahead or behind


def new_secret() -> str:
    """160 random bits in base 32."""
    return random_base32()


def address_of(secret: str, *, name: str, issuer: str) -> str:
    """The `otpauth:` address that apps read from a QR code."""
    return TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The time step whose code was typed; None when it matches no step close to now."""
    totp = TOTP(secret)
    here = totp.timecode(now)
    steps = range(here - _APART, here + _APART + 1)
    fitting = [step for step in steps if constant_time_compare(totp.generate_otp(step), typed)]
    return fitting[0] if fitting else None
