from django.db import models


class Counter(models.Model):
    """How often something was done since its window began. The key is a keyed digest: it names nobody."""

    key = models.BinaryField(max_length=32, primary_key=True)
    started_at = models.DateTimeField()
    count = models.IntegerField()
    expires_at = models.DateTimeField(db_index=True)


class Spent(models.Model):
    """Something that may be used once, and was: the unique row is the lock."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)
