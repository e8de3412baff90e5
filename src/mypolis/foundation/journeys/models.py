import uuid
from datetime import datetime
from typing import NoReturn

from django.db import models
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedJSONField


class Journey(models.Model):
    """One person's progress in a multi-step task. It is found by a token, of which only the hash is stored.

    `answers` holds a `definitions.answers.Answer` for each step by its name. `result` is what the last page says,
    in each language of the market. `last_form` names the form that was answered last, so that a refresh does not
    answer it twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    token_hash = models.BinaryField(max_length=32, unique=True)
    market = models.CharField(max_length=8)
    kind = models.CharField(max_length=32)
    way = models.CharField(max_length=32, blank=True)
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=12)
    answers = EncryptedJSONField(null=True)
    result = EncryptedJSONField(null=True)
    taken = models.PositiveSmallIntegerField(default=0, db_default=0)
    refused = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_form = models.CharField(max_length=43, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="journey_by_expiry")]

    def state_at(self, now: datetime) -> str:
        """`open`, `done` or `expired`."""
        if self.finished_at is not None:
            return "done"
        return "expired" if self.expires_at <= now else "open"

    def __reduce__(self) -> NoReturn:
        """Forbid pickling: a copy could be used after the row has changed."""
        raise TypeError("a journey is never pickled")


class Visit(models.Model):
    """A visit to another site during a journey. Its state can be used once; only the state's hash is stored.

    `keeps` is what the step needs when the person comes back; it is deleted when the state is used. `outcome` is
    `returned`, `replaced` (by a later visit, or because the person went back), `limited` (the result met a limit) or
    the code of a failure; empty until then.
    """

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="visits")
    step = models.CharField(max_length=40)
    state_hash = models.BinaryField(max_length=32, unique=True)
    keeps = EncryptedJSONField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, blank=True)
