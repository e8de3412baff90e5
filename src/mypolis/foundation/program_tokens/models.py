"""What the tables of partners' and of providers' tokens share."""

from datetime import datetime

from django.db import models
from django.utils import timezone


class ProgramToken(models.Model):
    """A token that gives a program access, for the rights in `may`, until `ends_at` or earlier; stored as a hash."""

    may = models.JSONField()  # a list of right names
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def is_active(self, now: datetime) -> bool:
        """Whether the token works now."""
        return self.ended_at is None and self.ends_at > now
