"""What must end before a rotation of keys can finish."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from mypolis.foundation.journeys.models import Journey


def short_lived(now: datetime) -> list[tuple[str, QuerySet[Any]]]:
    """Open journeys. Their answers may contain a password hash that becomes an account's when they end."""
    return [("open journeys, until they end", Journey.objects.filter(finished_at=None, expires_at__gt=now))]
