"""What `mypolis check` finds wrong with a market's bank profile."""

from collections.abc import Iterable, Sequence

from django.utils.module_loading import import_string

from mypolis.foundation.markets import Profile


def findings(profiles: Iterable[Profile]) -> Sequence[str]:
    """One line for each writer of payment files that does not exist."""
    found = []
    for profile in profiles:
        bank = profile.claims.bank
        if bank is not None and not _is_there(bank.writer):
            found.append(f"{profile.code}: claims.bank.writer: there is no function {bank.writer}")
    return found


def _is_there(writer: str) -> bool:
    try:
        return callable(import_string(writer))
    except ImportError:
        return False
