"""For `mypolis check`: whether reCAPTCHA is configured if a market's profile chooses it."""

from collections.abc import Iterable

from django.conf import settings

from mypolis.foundation.markets import Profile


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Report reCAPTCHA keys and URLs that are missing or invalid, if a market's profile chooses reCAPTCHA."""
    choosing = [
        profile.code for profile in profiles if profile.captcha_by == "recaptcha" and profile.captcha != "never"
    ]
    if not choosing:
        return []
    config, markets = settings.MYPOLIS, ", ".join(choosing)
    findings = [
        f"MYPOLIS_{name.upper()}: {markets}: the profile chooses reCAPTCHA; set the key that Google gave for it"
        for name in ("recaptcha_site_key", "recaptcha_secret_key")
        if not getattr(config, name)
    ]
    findings += [
        f"MYPOLIS_{name.upper()}: must begin with https:// in production"
        for name in ("recaptcha_script_url", "recaptcha_verify_url")
        if config.mode == "production" and not getattr(config, name).startswith("https://")
    ]
    return findings
