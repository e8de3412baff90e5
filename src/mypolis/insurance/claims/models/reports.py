"""What programs of clinics and core systems sent about claims, and what the member says about it."""

from django.db import models
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField
from mypolis.insurance.claims.models.claim import Claim
from mypolis.membership.accounts.models import Account


class ClinicBill(models.Model):
    """The id under which a program sent a clinic's bill. `digest` tells the same bill from another with this id."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="clinic_bill")
    market = models.CharField(max_length=8)
    external_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "external_id"], name="clinic_bill_once")]


class ClinicBillAnswer(models.Model):
    """What a member says about a clinic's bill. If they know nothing of it (not `is_mine`), the rules do not decide."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="clinic_bill_answer")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    is_mine = models.BooleanField()
    text = EncryptedTextField(default="")
    at = models.DateTimeField(default=timezone.now)


class CoreReport(models.Model):
    """A message of the core system about a claim, under its own id, that made no new decision; rows are only added.

    It had the result of a payment (`paid`), said nothing new (`unchanged`), or came after a newer decision (`older`).
    `digest` tells a repeated message from another one under the same id.
    """

    PAID, UNCHANGED, OLDER = "paid", "unchanged", "older"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="core_reports")
    external_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    came_to = models.CharField(max_length=12)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "external_id"], name="core_report_once")]
