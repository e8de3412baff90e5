from typing import Self

from django.db import models

from mypolis.foundation.lib.phones import PhoneError, parse_any_mobile
from mypolis.foundation.markets import all_markets


class InboxMessageQuerySet(models.QuerySet["InboxMessage"]):
    """Queries for the inbox."""

    def sent_to(self, address: str) -> Self:
        """Messages to an email address in any letter case, or to a phone number in any usual notation."""
        if "@" in address:
            return self.filter(to__iexact=address.strip())
        return self.filter(to__in=_readings(address))


class InboxMessage(models.Model):
    """A message that a partner accepted. `received_times` above 1 means that the product sent it again."""

    market = models.CharField(max_length=8)
    channel = models.CharField(max_length=8)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    links = models.JSONField(default=list)
    code = models.CharField(max_length=6, blank=True)
    sent_at = models.DateTimeField()
    message_id = models.CharField(max_length=250)
    received_times = models.PositiveIntegerField(default=1)

    objects = InboxMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "message_id", "to"], name="inbox_message_once"),
        ]
        indexes = [
            models.Index(fields=["market", "-id"], name="inbox_by_market"),
            models.Index(fields=["to", "-id"], name="inbox_by_address"),
        ]
        ordering = ["-id"]


class SamplePerson(models.Model):
    """An invented person on file. `label` says what is special; `password` is that of the account, if any."""

    person = models.OneToOneField("people.Person", on_delete=models.CASCADE, related_name="sample")
    market = models.CharField(max_length=8)
    label = models.CharField(max_length=60, blank=True)
    password = models.CharField(max_length=128, blank=True)

    class Meta:
        ordering = ["id"]


class SampleColleague(models.Model):
    """An invented colleague at the desk of a market, who signs in with `password` and an authenticator app."""

    account = models.OneToOneField("staff.StaffAccount", on_delete=models.CASCADE, related_name="+")
    market = models.CharField(max_length=8)
    password = models.CharField(max_length=128)

    class Meta:
        ordering = ["id"]


def _readings(number: str) -> set[str]:
    """The E.164 numbers that this text may mean: a `+` often arrives as a space, or not at all."""
    digits = "".join(sign for sign in number if sign.isdigit())
    readings = {f"+{digits}"}
    for profile in all_markets().values():
        try:
            readings.add(parse_any_mobile(digits, region=profile.region))
        except PhoneError:
            continue
    return readings
