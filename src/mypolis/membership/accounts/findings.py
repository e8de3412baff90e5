"""For `mypolis check`: a profile's sign-in settings, and the file of leaked passwords."""

from collections.abc import Iterable

from django.conf import settings

from mypolis.foundation.factors.passwords import breached_passwords
from mypolis.foundation.markets import Profile


def findings(profiles: Iterable[Profile]) -> list[str]:
    """Every finding about these profiles and the file."""
    found = [finding for profile in profiles for finding in _about(profile)]
    return found + lint_breached_passwords()


def lint_breached_passwords() -> list[str]:
    """Report a configured file of leaked passwords that cannot be used."""
    path = settings.MYPOLIS.breached_passwords
    fault = path and breached_passwords.fault(path)
    return [f"MYPOLIS_BREACHED_PASSWORDS: {path} {fault}"] if fault else []


def _about(profile: Profile) -> list[str]:
    found = []
    if profile.password_min_length < 8:
        found.append(f"{profile.code}: password_min_length must be 8 or more")
    if profile.signin.name == "username" and not profile.uses_usernames:
        found.append(f"{profile.code}: members sign in by username, so set uses_usernames")
    if profile.signin.name != "username" and profile.signin.name not in profile.exclusive_contacts:
        found.append(f"{profile.code}: members sign in by {profile.signin.name}, so add it to exclusive_contacts")
    return found
