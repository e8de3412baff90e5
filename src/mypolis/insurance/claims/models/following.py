"""What happens while a claim is followed: changes of its state, and questions to the member."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.lib.crypto.encrypted import EncryptedJSONField, EncryptedTextField
from mypolis.insurance.claims.models.claim import Claim


class StateChange(models.Model):
    """A claim went from one state to another; rows are only added.

    `by_kind` and `by_id` are the actor's. `code` is a reason of `adjudication.reasons` or empty. `sentences` is what
    the member reads about it, by language, as it was written at that time.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="changes")
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    by_kind = models.CharField(max_length=12)
    by_id = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=24, blank=True)
    sentences = EncryptedJSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["claim", "at"], name="change_in_order")]

    def sentence(self, language: str) -> str:
        """The sentence in a language of the market, or in its main language."""
        said: dict[str, str] = self.sentences
        return said.get(language) or next(iter(said.values()), "")


class Question(models.Model):
    """Something that we ask the member about a claim: a paper, a better photo, or words.

    `external_id` is the core system's id, if it asked. `code` is a reason of kind question. `document` is the key of
    the document that is wanted. `cannot`: the member cannot get it, and `answer` says why. `files` came
    with the answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="questions")
    external_id = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=24, blank=True)
    document = models.CharField(max_length=40, blank=True)
    text = EncryptedTextField()
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(default="")
    cannot = models.BooleanField(default=False)
    files = models.ManyToManyField(ReceivedFile, related_name="+")

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "external_id"], condition=~Q(external_id=""), name="question_external_once"
            )
        ]
