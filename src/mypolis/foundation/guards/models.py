from django.db import models


class Counter(models.Model):
    """The number of uses since the window began. The key is a keyed digest, so it identifies nobody."""

    key = models.BinaryField(max_length=32, primary_key=True)
    started_at = models.DateTimeField()
    count = models.IntegerField()
    expires_at = models.DateTimeField(db_index=True)


class Spent(models.Model):
    """A single-use value that was used. The unique row prevents a second use."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)


class Refusals(models.Model):
    """How often a limit refused somebody in a market on a day by its clock. Holds nobody's key.

    The count of a day is the sum of its rows: a process that finds a row locked adds another.
    """

    market = models.CharField(max_length=8)
    limit = models.CharField(max_length=64)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["day", "market", "limit"], name="refusals_of_day")]
