from typing import NoReturn

from django.db import models


class Event(models.Model):
    """Something that happened: who, what, when, from where.

    `address` and `client` (the device as it calls itself) are personal data. `facts` hold ids and counts only.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    market = models.CharField(max_length=8)
    kind = models.CharField(max_length=48)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True)
    client = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="event_by_subject"),
            models.Index(fields=["market", "kind", "id"], name="event_by_kind"),
        ]

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        """Events are never removed."""
        raise TypeError("events are append-only")


class Seal(models.Model):
    """A link of the chain over the audit trail: the digest of a run of events and of the link before it."""

    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()


class Horizon(models.Model):
    """The one row that says how far the trail can be sealed once its writers of that time have ended.

    `up_to` is the newest event that could be read then. `writers` names the database transactions that were writing
    events then: each may still commit an event with a lower id. `since` is when both were noted.
    """

    up_to = models.BigIntegerField()
    writers = models.JSONField()
    since = models.DateTimeField()
