from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.events.hash_chain import GENESIS


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Queries for verifications."""

    def running(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_at=None)


class Verification(models.Model):
    """Somebody asked to compare the trail with its seals. The trail is that of all markets, so only one runs.

    `after` and `digest` are the last event and the digest of the seal that was checked last; the job goes on there.
    It ends at the first break: `broken_from` to `broken_to` are the events of its seal, `why` is a word of
    `events.hash_chain.Why`; empty if nothing is broken.
    """

    market = models.CharField(max_length=8)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    after = models.BigIntegerField(default=0)
    digest = models.BinaryField(max_length=32, default=GENESIS)
    seals = models.PositiveIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0)
    broken_from = models.BigIntegerField(null=True)
    broken_to = models.BigIntegerField(null=True)
    why = models.CharField(max_length=8, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"], condition=Q(ended_at=None), nulls_distinct=False, name="verification_runs_once"
            )
        ]

    @property
    def head(self) -> str:
        """The beginning of the digest of the seal that was checked last, as it is in the log."""
        return bytes(self.digest).hex()[:16]
