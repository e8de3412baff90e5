from typing import NoReturn

from django.db import models
from django.utils import timezone

from mypolis.membership.accounts.models import Account


class Consent(models.Model):
    """An account gave or withdrew its consent to one text. Rows are only added, never changed."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="consents")
    document = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    given = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    client = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "document", "-id"], name="consent_newest")]

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        """Raise TypeError: rows are never deleted."""
        raise TypeError("consents are append-only")
