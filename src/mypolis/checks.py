"""Everything that must be right before the portal serves anybody: `mypolis check`, and the start of the server."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mypolis.foundation.journeys import registry
from mypolis.foundation.journeys.lint import lint_market
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.keyring import KeyRingError
from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.notices.linting import lint_gateways, lint_templates
from mypolis.foundation.web.assets.installable_app import draw
from mypolis.foundation.web.branding import contrast
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.insurance.emergencies.lines import lines_of
from mypolis.membership.accounts.passwords import breached_passwords
from mypolis.membership.consents.documents import document


def run() -> list[str]:
    """Every finding, each with its place and its remedy; empty when all is well. Asks nothing of the database."""
    try:
        profiles = list(all_markets().values())
        findings = [finding for profile in profiles for finding in lint_profile(profile)]
        findings += [*_keys(), *lint_breached_passwords()]
        if not findings:
            findings = [finding for profile in profiles for finding in lint_market(profile)]
            findings += [*lint_templates(), *lint_gateways(), *lint_sms(profiles), *lint_recaptcha(profiles)]
    except ImproperlyConfigured as error:
        return [str(error)]
    return findings


def lint_profile(profile: Profile) -> list[str]:
    """Findings about a profile itself and the insurer's folder behind it."""
    findings = []
    known = {code for code, _name in settings.LANGUAGES}
    for language in profile.languages:
        if language not in known:
            findings.append(f"{profile.code}: language {language!r} is none of {', '.join(sorted(known))}")
    if profile.password_min_length < 8:
        findings.append(f"{profile.code}: password_min_length must be 8 or more")
    if not 0 < profile.family.private_from <= profile.family.of_age:
        findings.append(f"{profile.code}: family: private_from must be between 1 and of_age")
    if profile.signin.name == "username" and not profile.uses_usernames:
        findings.append(f"{profile.code}: members sign in by username, so set uses_usernames")
    if profile.signin.name != "username" and profile.signin.name not in profile.exclusive_contacts:
        findings.append(f"{profile.code}: members sign in by {profile.signin.name}, so add it to exclusive_contacts")
    try:
        findings += contrast.faults(brand_of(profile.code))
        findings += lint_lines(profile)
        draw(profile.code, "192")
        for language in profile.languages:
            for key in profile.texts:
                document(profile.code, key, language)
    except ImproperlyConfigured as error:
        findings.append(str(error))
    return findings


def lint_lines(profile: Profile) -> list[str]:
    """A finding when neither the market nor the insurer names an ambulance."""
    if {"ambulance", "all"} & {line.kind for line in lines_of(profile)}:
        return []
    return [f"{profile.code}: no number for an ambulance: add one to emergency_lines of the profile"]


def lint_sms(profiles: Iterable[Profile]) -> list[str]:
    """A finding when production serves markets whose steps prove a number by SMS and nothing could send one."""
    if settings.MYPOLIS.sms_url or settings.MYPOLIS.mode != "production":
        return []
    served = {profile.code for profile in profiles}
    silent = {
        market
        for (market, _kind), choices in registry.definitions().items()
        for definition in choices
        for step in definition.steps
        if market in served and "sms" in step.proves
    }
    if not silent:
        return []
    needing = ", ".join(sorted(silent))
    return [f"MYPOLIS_SMS_URL: {needing}: members prove their numbers by SMS; name the gateway's address"]


def lint_breached_passwords() -> list[str]:
    """A finding when the file of leaked passwords is named and no good."""
    path = settings.MYPOLIS.breached_passwords
    fault = path and breached_passwords.fault(path)
    return [f"MYPOLIS_BREACHED_PASSWORDS: {path} {fault}"] if fault else []


def lint_recaptcha(profiles: Iterable[Profile]) -> list[str]:
    """Keys and addresses that are missing or no good where a market's profile chooses reCAPTCHA."""
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


def _keys() -> list[str]:
    try:
        keyring.current()
    except KeyRingError as error:
        return [f"MYPOLIS_KEYS_FILE: {error}"]
    return []
