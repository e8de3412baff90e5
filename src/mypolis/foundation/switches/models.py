from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mypolis.foundation.staff.models import StaffAccount


class SwitchedOff(models.Model):
    """A room that is off in a market. `texts` tell members what to do meanwhile, by language; {} for the room's own."""

    market = models.CharField(max_length=8)
    room = models.CharField(max_length=40)
    texts = models.JSONField(default=dict)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "room"], name="room_off_once")]


class Banner(models.Model):
    """A notice above all pages of a market for its members, from `starts_at` until `ends_at`. `texts` by language."""

    class Severity(models.TextChoices):
        """How it looks."""

        INFO = "info"
        WARNING = "warning"

    market = models.CharField(max_length=8)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    texts = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey(StaffAccount, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="banner_ends_after_start")]
        indexes = [
            models.Index(fields=["market", "-starts_at"], name="banner_by_market"),
            models.Index(fields=["ends_at"], condition=Q(withdrawn_at=None), name="banner_open"),
        ]

    def state_at(self, now: datetime) -> str:
        """Return "withdrawn", "over", "shown" or "planned"."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.ends_at <= now:
            return "over"
        return "shown" if self.starts_at <= now else "planned"
