from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from mypolis.foundation.program_tokens.models import ProgramToken
from mypolis.insurance.coverage.plan_books.plan import Network


class ProviderQuerySet(models.QuerySet["Provider"]):
    """Queries for providers."""

    def active_in(self, market: str) -> Self:
        """The active providers of a market, by name."""
        return self.filter(market=market, is_active=True).order_by("name", "pk")


class Provider(models.Model):
    """A clinic, hospital or laboratory. `code` is the insurer's, and identifies it in its market.

    `networks` are the keys of networks in plan books to which it belongs. A provider that is no longer active keeps its
    row, because letters and bills name it.
    """

    market = models.CharField(max_length=8)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    networks = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "code"], name="provider_code_once")]

    def is_in(self, network: Network | None) -> bool | None:
        """Whether the provider belongs to a plan's network; None if the plan has none."""
        return None if network is None else self.is_active and network.key in self.networks


class ProviderTokenQuerySet(models.QuerySet["ProviderToken"]):
    """Queries for tokens."""

    def active(self, now: datetime) -> Self:
        """Tokens that work now: not ended, and of a provider that is active."""
        return self.filter(ended_at__isnull=True, ends_at__gt=now, provider__is_active=True)


class ProviderToken(ProgramToken):
    """A token with which a provider's program calls the API. It works while the provider is active."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="tokens")

    objects = ProviderTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("issued_at")), name="provider_token_has_a_life")
        ]

    def is_active(self, now: datetime) -> bool:
        """Whether the token works now."""
        return super().is_active(now) and self.provider.is_active
