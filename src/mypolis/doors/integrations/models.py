from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from mypolis.foundation.program_tokens.models import ProgramToken


class PartnerTokenQuerySet(models.QuerySet["PartnerToken"]):
    """Queries for tokens."""

    def active(self, now: datetime) -> Self:
        """Tokens that are active now."""
        return self.filter(ended_at__isnull=True, ends_at__gt=now)


class PartnerToken(ProgramToken):
    """A token that gives a partner's program access in one market.

    `partner` is the operator's short name for the program's owner. A partner may have several active tokens, so that it
    can replace one without a gap.
    """

    market = models.CharField(max_length=8)
    partner = models.CharField(max_length=40)

    objects = PartnerTokenQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("issued_at")), name="partner_token_has_a_life")]
