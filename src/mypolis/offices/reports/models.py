"""Tables of this room: sums of past days, and how far they reach."""

from django.db import models
from django.utils import timezone


class ReportDay(models.Model):
    """Sums of one day of a market. `kind` says of what, `key` for which part, `numbers` holds counts and sums.

    Rows of a month have its first day, and a kind that ends with `_month`. `sums/` writes the rows, one module for each
    kind, and says there what the numbers are. A key is a benefit, a state or a currency, never a person.
    """

    market = models.CharField(max_length=8)
    kind = models.CharField(max_length=16)
    day = models.DateField()
    key = models.CharField(max_length=40, blank=True)
    numbers = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "kind", "day", "key"], name="report_day_once")]


class ReportProgress(models.Model):
    """How far the days of a market are summed: `through` is the last day.

    `read_up_to` is when we last looked for late changes of earlier days.
    """

    market = models.CharField(max_length=8, unique=True)
    through = models.DateField()
    read_up_to = models.DateTimeField()


class ClaimList(models.Model):
    """A file with the claims that were sent on days from `first` to `last`, for staff. It owns a stored file.

    `asked_by` is the actor, as `KIND:KEY`. `rows` is None until the job has written the file; with `too_many` there are
    more claims than a file may have, and there is no file. The row and its file are deleted after `expires_at`.
    """

    market = models.CharField(max_length=8)
    first = models.DateField()
    last = models.DateField()
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    rows = models.PositiveIntegerField(null=True)
    too_many = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["market", "-asked_at"], name="claim_list_newest")]


class ClaimListFetch(models.Model):
    """Somebody fetched a list; once per person."""

    list = models.ForeignKey(ClaimList, on_delete=models.CASCADE, related_name="fetches")
    by = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "by"], name="claim_list_fetched_once_each")]
