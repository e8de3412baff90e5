from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class PartnerTokenQuerySet(models.QuerySet["PartnerToken"]):
    """Reads of tokens."""

    def standing(self, now: datetime) -> Self:
        """Tokens that are good now."""
        return self.filter(ended_at__isnull=True, ends_at__gt=now)


class PartnerToken(models.Model):
    """What another program shows to be let in: in one market, for what it `may`, until `ends_at` or earlier.

    `partner` is the operator's short name for whose program it is; several tokens of one partner may stand, so that
    one follows the other without a gap.
    """

    market = models.CharField(max_length=8)
    partner = models.CharField(max_length=40)
    may = models.JSONField()  # a list of words
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = PartnerTokenQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("issued_at")), name="partner_token_has_a_life")]

    def stands(self, now: datetime) -> bool:
        """Whether it is good now."""
        return self.ended_at is None and self.ends_at > now
