"""What the insurer's staff have on their desks: who works on a claim, what they typed, and what can be taken back."""

import uuid

from django.db import models
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedJSONField, EncryptedTextField
from mypolis.insurance.claims.models.claim import Claim


class ClaimInHand(models.Model):
    """A claim that somebody works on. There is no row while nobody does, or after it was decided or has ended.

    `staff` is the key of an account at the desk, `name` their name for colleagues at that time. After a change of
    hands, `before` is the key of who had it until then; `is_given` tells whether they, or a senior, handed it over, or
    the new one took it over. `opened_on` is the last day for which it is recorded that `staff` could read the claim.
    """

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="in_hand")
    staff = models.BigIntegerField()
    name = models.CharField(max_length=120)
    since = models.DateTimeField(default=timezone.now)
    before = models.BigIntegerField(null=True)
    is_given = models.BooleanField(default=False)
    opened_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["staff", "since"], name="claim_in_hand_of")]


class AssessmentDraft(models.Model):
    """What was typed about a claim and not decided yet. It outlives a change of hands, so that nothing is lost.

    `version` grows with every change of the draft. `lines` are the changed lines by their keys
    (`desk.typed_lines.TypedLine`). `basis` is what the proposal rested on when the draft was made or renewed
    (`desk.basis.Basis`).

    `assessed_by` and `assessed_name` are set while the claim waits for a second person: who assessed it. `remark` is
    what the second person wrote when they sent it back.
    """

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="assessment")
    version = models.PositiveIntegerField(default=1)
    lines = EncryptedJSONField(default=dict)
    basis = models.JSONField(default=dict)
    touched_at = models.DateTimeField(default=timezone.now)
    assessed_by = models.BigIntegerField(null=True)
    assessed_name = models.CharField(max_length=120, blank=True)
    remark = EncryptedTextField(default="")


class WaitingDecision(models.Model):
    """A decision that somebody entered, and that is recorded a moment later, so that they can take it back until then.

    `staff` is the key of whoever decided, `version` that of the draft, `previewed` the digest of what they read. At
    `due_at` a job records the decision and deletes the row. `is_stopped`: something had changed by then, so nothing
    was recorded; the row stays to say so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="waiting_decision")
    staff = models.BigIntegerField()
    version = models.PositiveIntegerField()
    previewed = models.CharField(max_length=64, blank=True)
    entered_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    is_stopped = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(is_stopped=False), name="decision_due")]
