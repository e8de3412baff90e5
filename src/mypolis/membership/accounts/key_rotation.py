"""Short-lived data that a key rotation has to wait for."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from mypolis.membership.accounts.models import OneTimeCode, TemporaryPassword


def short_lived(now: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """Codes and temporary passwords that are still valid. Only digests are stored, which cannot be recomputed."""
    codes = OneTimeCode.objects.filter(used_at=None, voided_at=None, created_at__gt=now - OneTimeCode.LONGEST_LIFE)
    temporary = TemporaryPassword.objects.filter(used_at=None, expires_at__gt=now)
    return [("codes, for some minutes", codes), ("temporary passwords, for some minutes", temporary)]
