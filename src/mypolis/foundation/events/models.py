from typing import NoReturn

from django.db import models


class Event(models.Model):
    """An event: who did what, when and from where.

    `address` and `client` (the user agent) are personal data. `facts` holds ids and counts only.
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
            models.Index(fields=["market", "id"], name="event_by_market"),
            models.Index(fields=["actor_kind", "actor_id", "id"], name="event_by_actor"),
            models.Index(fields=["at"], name="event_by_time"),
        ]

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        """Always raises TypeError: events are append-only."""
        raise TypeError("events are append-only")


class Seal(models.Model):
    """A link of the hash chain: the digest of a batch of events and of the previous seal."""

    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField(unique=True)
    count = models.IntegerField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()


class Horizon(models.Model):
    """A single row: how far the trail can be sealed as soon as the writers named in it have ended.

    `since` is the time at which the row was written, `up_to` the newest event that was visible then, and `writers` the
    database transactions that were writing events: each may still commit an event with a lower id.
    """

    up_to = models.BigIntegerField()
    writers = models.JSONField()
    since = models.DateTimeField()
