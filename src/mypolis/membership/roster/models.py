from typing import Literal, Self

from django.db import models
from django.utils import timezone

from mypolis.foundation.markets import market

type State = Literal["open", "used", "expired", "voided"]


class RosterLoad(models.Model):
    """One loaded list: by whom, when, and how many rows had which outcome. Findings contain no cell values."""

    market = models.CharField(max_length=8)
    employer = models.ForeignKey("people.Employer", on_delete=models.PROTECT, null=True, related_name="roster_loads")
    file_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=12)
    by_id = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField()
    loaded = models.PositiveIntegerField()
    updated = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    invitations_sent = models.PositiveIntegerField()
    findings = models.JSONField(default=dict)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Queries for invitations."""

    def pending(self) -> Self:
        """Invitations that are neither used nor voided. They may have expired."""
        return self.filter(used_at__isnull=True, voided_at__isnull=True)


class Invitation(models.Model):
    """A personal registration link. Valid while it is unused, not expired, and the person's e-mail has not changed."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="invitations")
    policy = models.ForeignKey("people.Policy", on_delete=models.PROTECT, related_name="+")
    email_key = models.CharField(max_length=254)
    token_hash = models.BinaryField(max_length=32, unique=True)
    message = models.OneToOneField("notices.Message", on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(used_at__isnull=True, voided_at__isnull=True),
                name="invitation_open_once",
            )
        ]

    @property
    def state(self) -> State:
        """The current state. An invitation is void without cover today, or with another e-mail on file."""
        if self.used_at is not None:
            return "used"
        if self.voided_at is not None or self.email_key != self.person.email_key:
            return "voided"
        if self.expires_at <= timezone.now():
            return "expired"
        return "open" if self.person.is_covered_on(market(self.person.market).today()) else "voided"


class BouncedAddress(models.Model):
    """An e-mail address whose invitation bounced. No invitation is sent there until one is explicitly requested."""

    market = models.CharField(max_length=8)
    email_key = models.CharField(max_length=254)
    cause = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=12)
    by_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "email_key"], name="bounced_address_once")]
