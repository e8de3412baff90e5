from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.membership.people.models import Membership, Policy


class Plan(models.Model):
    """A plan of a product. Lists name it in their plan column; `PlanVersion` holds its content."""

    market = models.CharField(max_length=8)
    product = models.CharField(max_length=40)
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "product", "key"], name="plan_once")]


class PlanName(models.Model):
    """A name that lists use for a plan, case-folded, within one policy type."""

    market = models.CharField(max_length=8)
    policy_type = models.CharField(max_length=24)
    name_key = models.CharField(max_length=80)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="names")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "policy_type", "name_key"], name="plan_name_once"),
        ]


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    """Queries for versions."""

    def newest_first(self) -> Self:
        """Order by precedence: the latest effective day first; for the same day, the version loaded last."""
        return self.order_by("-effective", "-number")


class PlanVersion(models.Model):
    """The content of a plan from a day on. Rows are only added, never changed; equal `digest`s mean equal content."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective = models.DateField()
    digest = models.CharField(max_length=64)
    content = models.TextField()
    loaded_at = models.DateTimeField(default=timezone.now)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        """Always raises: a record of what members were promised must be kept."""
        raise TypeError("plan versions are append-only")

    @property
    def document(self) -> PlanDocument:
        """The content of the version."""
        return _read(self.content)


@lru_cache(maxsize=256)
def _read(content: str) -> PlanDocument:
    return PlanDocument.model_validate_json(content)


class Entry(models.Model):
    """One line of the ledger: a benefit was reserved, released, used or given back for a member. Never changed.

    `amount` (in `currency`) and `count` are what was granted, zero or more; `requested_…` is what was requested. The
    insurer's systems and our own rooms give every entry an `external_id`, so repeating a request is harmless.
    `reservation` is the external id of the reservation that a release or a use takes from.
    """

    RESERVE, RELEASE, USE, REVERSE = "reserve", "release", "use", "reverse"
    KINDS = (RESERVE, RELEASE, USE, REVERSE)

    market = models.CharField(max_length=8)
    external_id = models.CharField(max_length=80)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=8)
    benefit = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    count = models.IntegerField()
    requested_amount = models.DecimalField(max_digits=14, decimal_places=2)
    requested_count = models.IntegerField()
    day = models.DateField()
    case = models.CharField(max_length=64, blank=True)
    visit = models.CharField(max_length=64, blank=True)
    pregnancy = models.CharField(max_length=64, blank=True)
    reservation = models.CharField(max_length=80, blank=True)
    cut_by = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["market", "external_id"], name="entry_once"),
            models.CheckConstraint(condition=Q(amount__gte=0, count__gte=0), name="entry_not_negative"),
            models.CheckConstraint(
                condition=Q(kind__in=["reserve", "release", "use", "reverse"]), name="entry_of_a_known_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "day"], name="entry_by_day"),
            models.Index(fields=["market", "reservation"], condition=~Q(reservation=""), name="entry_by_reservation"),
        ]

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        """Always raises: ledger lines are never deleted."""
        raise TypeError("the ledger is append-only")


class Balance(models.Model):
    """The sums of a membership's entries for one benefit and calendar month, updated in the entries' transaction.

    `month` is its first day. `reserved` is the reserved minus the released amount; `used` is the used minus the
    returned amount. A feed that arrives out of order may make them negative for a while.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="balances")
    benefit = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    month = models.DateField()
    reserved_amount = models.DecimalField(max_digits=24, decimal_places=2, default=Decimal(0))
    reserved_count = models.IntegerField(default=0)
    used_amount = models.DecimalField(max_digits=24, decimal_places=2, default=Decimal(0))
    used_count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "benefit", "currency", "month"], name="balance_once")
        ]


class FeedLoad(models.Model):
    """One feed from the core system that was loaded. `as_of` is the time at which its data was current."""

    market = models.CharField(max_length=8)
    file_sha256 = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)
    rows = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["market", "-as_of"], name="feed_newest")]


class Instalment(models.Model):
    """One premium payment of an individual policy, from the insurer's billing; `paid_on` is set once it was received.

    Billing gives every payment an `external_id`; the last data received for an id is valid.
    """

    market = models.CharField(max_length=8)
    external_id = models.CharField(max_length=64)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="instalments")
    due = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    paid_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "external_id"], name="instalment_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="instalment_not_negative"),
        ]
        indexes = [models.Index(fields=["policy", "due"], name="instalment_by_due")]


def first_of_month(day: date) -> date:
    """The `month` of the balance that covers a day."""
    return day.replace(day=1)
