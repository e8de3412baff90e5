"""Tables of this room: sums of past days, and how far they reach."""

from django.db import models


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
