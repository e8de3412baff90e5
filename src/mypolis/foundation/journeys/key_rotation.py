"""What a rotation of keys has to wait for."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from mypolis.foundation.journeys.models import Journey


def short_lived(now: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """Open journeys: their answers may hold the hash of a password that becomes an account's at the end."""
    return [("open journeys, until they end", Journey.objects.filter(finished_at=None, expires_at__gt=now))]
