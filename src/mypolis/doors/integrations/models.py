from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class PartnerTokenQuerySet(models.QuerySet["PartnerToken"]):
    """Queries for tokens."""

    def active(self, now: datetime) -> Self:
        """Tokens that are active now."""
        return self.filter(ended_at__isnull=True, ends_at__gt=now)


class PartnerToken(models.Model):
    """A token that gives another program access: in one market, for the rights in `may`, until `ends_at` or earlier.

    `partner` is the operator's short name for the program's owner. A partner may have several active tokens, so that it
    can replace one without a gap.
    """

    market = models.CharField(max_length=8)
    partner = models.CharField(max_length=40)
    may = models.JSONField()  # a list of right names
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = PartnerTokenQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("issued_at")), name="partner_token_has_a_life")]

    def is_active(self, now: datetime) -> bool:
        """Whether the token is active now."""
        return self.ended_at is None and self.ends_at > now
