import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from procrastinate.contrib.django.models import ProcrastinateJob

from mypolis.foundation.lib.crypto.encrypted import EncryptedJSONField, EncryptedTextField


class State(models.TextChoices):
    """The state of a message. The first two can still change; the others are final, and the contents are deleted."""

    QUEUED = "queued"
    SENDING = "sending"
    TAKEN = "taken"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    IN_DOUBT = "in_doubt"


MOVING = (State.QUEUED, State.SENDING)


class MessageQuerySet(models.QuerySet["Message"]):
    """Queries for messages."""

    def without_job(self, *, written_before: datetime) -> Self:
        """Unfinished messages that have no job any more, because their job failed through a fault of ours."""
        jobs = ProcrastinateJob.objects.filter(
            queueing_lock=Cast(OuterRef("pk"), models.TextField()), status__in=("todo", "doing")
        )
        return self.filter(~Exists(jobs), state__in=MOVING, created_at__lt=written_before)


class Message(models.Model):
    """One message to one contact point.

    `to` of a decoy is NULL; `to` and `context` are NULL in a final state. Logs contain only the id. `gateway` is the
    SMS gateway that accepted the message, or may have. `receipt` is the result of the delivery to the phone.

    `whose` is the row of another room to which the recipient belongs, as "accounts.account:7". It stays when the
    contents are deleted, so that somebody who helps a member sees what was sent and what became of it.
    """

    LIFE = timedelta(hours=24)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    channel = models.CharField(max_length=8)
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    to = EncryptedTextField(null=True)
    context = EncryptedJSONField(null=True)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    urgent = models.BooleanField(default=False)
    useless_after = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_id = models.CharField(max_length=200, blank=True)
    gateway = models.CharField(max_length=24, blank=True)
    receipt = models.CharField(
        max_length=13, blank=True, choices=[(one, one) for one in ("delivered", "undeliverable")]
    )
    receipt_at = models.DateTimeField(null=True)
    whose = models.CharField(max_length=80, blank=True, db_default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MOVING) | Q(to__isnull=True, context__isnull=True),
                name="message_wiped_when_final",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state__in=MOVING), name="message_on_its_way"),
            models.Index(fields=["whose", "-created_at"], condition=~Q(whose=""), name="message_by_recipient"),
            models.Index(
                fields=["provider_id"], condition=Q(channel="sms") & ~Q(provider_id=""), name="sms_by_provider"
            ),
        ]

    @property
    def is_undeliverable(self) -> bool:
        """Whether we know that it did not arrive: refused permanently, or not delivered to the phone."""
        return self.receipt == "undeliverable" or self.state == State.GIVEN_UP

    @property
    def expires_at(self) -> datetime:
        """When to stop sending it: at `useless_after`, or after one day of attempts."""
        end = self.created_at + self.LIFE
        return min(end, self.useless_after) if self.useless_after else end

    def close(self, state: State, *, taken_at: datetime | None = None, provider_id: str = "") -> None:
        """Set a final state, and delete the contents and the recipient.

        If a gateway may have accepted it in an earlier attempt, the state is "in doubt", not withdrawn or failed.
        """
        if self.gateway and state in (State.WITHDRAWN, State.GIVEN_UP):
            state = State.IN_DOUBT
        self.state, self.taken_at, self.provider_id = state, taken_at, provider_id
        self.to = self.context = None
        self.save(update_fields=["state", "taken_at", "provider_id", "to", "context"])


class GatewayHealth(models.Model):
    """The health of an SMS gateway: failures in a row, and until when it is not used. No row means healthy."""

    name = models.CharField(max_length=24, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    down_until = models.DateTimeField(null=True)
