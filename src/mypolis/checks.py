"""Everything that must be right before the portal serves anybody: `mypolis check`, and the start of the server."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mypolis.consents.documents import document
from mypolis.journeys import registry
from mypolis.journeys.lint import lint_market
from mypolis.lib import keyring
from mypolis.lib.keyring import KeyRingError
from mypolis.markets import Profile, all_markets
from mypolis.notices.linting import lint_gateways, lint_templates
from mypolis.web.brand import brand_of


def run() -> list[str]:
    """Every finding, each with its place and its remedy; empty when all is well. Asks nothing of the database."""
    try:
        profiles = list(all_markets().values())
        findings = [finding for profile in profiles for finding in lint_profile(profile)]
        findings += _keys()
        if not findings:
            findings = [finding for profile in profiles for finding in lint_market(profile)]
            findings += [*lint_templates(), *lint_gateways(), *lint_sms(profiles)]
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
    if profile.signin.name == "username" and not profile.uses_usernames:
        findings.append(f"{profile.code}: members sign in by username, so set uses_usernames")
    if profile.signin.name != "username" and profile.signin.name not in profile.exclusive_contacts:
        findings.append(f"{profile.code}: members sign in by {profile.signin.name}, so add it to exclusive_contacts")
    try:
        brand_of(profile.code)
        for language in profile.languages:
            for key in profile.documents:
                document(profile.code, key, language)
    except ImproperlyConfigured as error:
        findings.append(str(error))
    return findings


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
    return [f"MYPOLIS_SMS_URL: {needing}: members prove their numbers by SMS; name the gateway's http[s]:// address"]


def _keys() -> list[str]:
    try:
        keyring.current()
    except KeyRingError as error:
        return [f"MYPOLIS_KEYS_FILE: {error}"]
    return []
