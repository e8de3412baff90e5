"""Payment runs: what was frozen for the bank, who signed it, who fetched the file, and what the bank answered."""

from datetime import datetime
from decimal import Decimal
from typing import Literal, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.claims.models.claim import Claim, Payment

type RunState = Literal["made", "half_signed", "signed", "fetched", "answered", "withdrawn"]

_NOBODY = Q(first_by="")
_ONLY_ONE = Q(second_by="")


class PaymentRunQuerySet(models.QuerySet["PaymentRun"]):
    """Queries for payment runs."""

    def with_open_lines(self) -> Self:
        """Runs for which the bank has not answered everything; withdrawn ones are not among them."""
        lines = RunLine.objects.filter(run=OuterRef("pk"), state=RunLine.OPEN)
        return self.filter(Exists(lines))

    def ended_before(self, moment: datetime) -> Self:
        """Runs that were withdrawn, or of which the bank answered the last line, before this moment."""
        later = RunLine.objects.filter(run=OuterRef("pk")).filter(Q(state=RunLine.OPEN) | Q(answered_at__gte=moment))
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__lt=moment)).exclude(Exists(later))


class PaymentRun(models.Model):
    """A payment file: payments frozen together, for one bank. `number` is unique for ever, such as P-2026-000001.

    `made_by`, `first_by` and `second_by` are actors (`staff:7`): who made the run, and the two who signed count and
    totals. `sha256` is the digest of the file. `fetched_at` is when somebody fetched the file first: from then on the
    bank may have it. At `forgotten_at` we deleted the names and account numbers of its lines.
    """

    market = models.CharField(max_length=8)
    number = models.CharField(max_length=20, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=80)
    first_by = models.CharField(max_length=80, blank=True)
    first_at = models.DateTimeField(null=True)
    second_by = models.CharField(max_length=80, blank=True)
    second_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    forgotten_at = models.DateTimeField(null=True)

    objects = PaymentRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONLY_ONE | (~_NOBODY & ~Q(second_by=F("first_by"))), name="run_two_sign"),
            models.CheckConstraint(
                condition=~Q(first_by=F("made_by")) & ~Q(second_by=F("made_by")), name="run_maker_never_signs"
            ),
            models.CheckConstraint(condition=Q(fetched_at=None) | ~_ONLY_ONE, name="run_fetched_only_signed"),
        ]
        indexes = [models.Index(fields=["market", "-made_at"], name="run_newest")]

    @property
    def profile(self) -> Profile:
        """The market's profile."""
        return profile_of(self.market)

    @property
    def signers(self) -> tuple[str, ...]:
        """Who signed, the first one first."""
        return tuple(one for one in (self.first_by, self.second_by) if one)

    @property
    def state(self) -> RunState:
        """Where the run is. Needs a query once the file was fetched."""
        has_left = self.fetched_at is not None and self.withdrawn_at is None
        return self.state_with(open_lines=self.lines.filter(state=RunLine.OPEN).count() if has_left else 0)

    def state_with(self, *, open_lines: int) -> RunState:
        """Where the run is, with so many lines that the bank has not answered. `answered`: there are none."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.fetched_at is not None:
            return "fetched" if open_lines else "answered"
        return ("made", "half_signed", "signed")[len(self.signers)]


class RunLineQuerySet(models.QuerySet["RunLine"]):
    """Queries for lines of payment runs."""

    def outdated(self) -> Self:
        """Open lines whose payments have changed since: a new decision lowered them, or somebody else paid them."""
        on_its_way = Sum("payments__amount", filter=Q(payments__state=Payment.TO_BE_PAID), default=Decimal(0))
        return self.filter(state=RunLine.OPEN).annotate(due_now=on_its_way).exclude(due_now=F("amount"))


class RunLine(models.Model):
    """What a run pays for one claim, frozen: one transfer of all that was due, to the account of that moment.

    `reference` names the newest of its payments (claim, decision, attempt). `state` is `open` until the bank answers
    `paid` or `failed`; `released` lines belong to withdrawn runs. `result_on` is the bank's day, `code` why it failed.
    `name` and `number` are empty once they are forgotten.
    """

    OPEN, PAID, FAILED, RELEASED = "open", "paid", "failed", "released"

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="run_lines")
    reference = models.CharField(max_length=35)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    name = EncryptedTextField()
    kind = models.CharField(max_length=4)
    bank = models.CharField(max_length=9, blank=True)
    number = EncryptedTextField()
    shown = models.CharField(max_length=24)
    state = models.CharField(max_length=8, default=OPEN)
    result_on = models.DateField(null=True)
    code = models.CharField(max_length=24, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = RunLineQuerySet.as_manager()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["run", "place"], name="run_place_once"),
            models.UniqueConstraint(fields=["claim"], condition=Q(state="open"), name="run_claim_once"),
            models.UniqueConstraint(fields=["reference"], condition=~Q(state="released"), name="run_reference_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="run_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "paid", "failed", "released"]), name="run_line_known_state"
            ),
        ]


class FileFetch(models.Model):
    """Somebody fetched the file of a run; once per person."""

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="fetches")
    by = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "by"], name="run_fetched_once_each")]
