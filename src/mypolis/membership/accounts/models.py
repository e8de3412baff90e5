from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.journeys.models import Journey
from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.markets import Profile, market
from mypolis.foundation.markets.profile import ContactKind
from mypolis.foundation.notices.models import Message
from mypolis.membership.people.models import Person


class Account(models.Model):
    """A member's account in the portal: one per person on file, and so one per person and market.

    Since `locked_at`, nobody can sign in to it; `locked_for` is the key of the reason. Events say who locked it.
    """

    market = models.CharField(max_length=8)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    password_hash = models.CharField(max_length=255)
    language = models.CharField(max_length=12)
    created_at = models.DateTimeField(default=timezone.now)
    locked_at = models.DateTimeField(null=True)
    locked_for = models.CharField(max_length=12, blank=True, db_default="")  # the version before writes no reason

    @property
    def profile(self) -> Profile:
        """The market's profile."""
        return market(self.market)

    @property
    def display_name(self) -> str:
        """How pages greet the member."""
        return self.person.greeting_name

    def contact(self, kind: ContactKind) -> "ContactPoint | None":
        """The current e-mail address or mobile number; None when there is none."""
        return next((point for point in self.contact_points.all() if point.kind == kind), None)

    @property
    def username_or_none(self) -> str | None:
        """The newest generated username; None in markets without usernames."""
        return next((username.value for username in self.usernames.all()), None)

    def know(self, contact_points: Sequence["ContactPoint"], username: str | None) -> None:
        """Take these as the account's contact points and newest username, instead of reading them again."""
        usernames = [Username(market=self.market, value=username, account=self)] if username is not None else []
        for name, rows in (("contact_points", contact_points), ("usernames", usernames)):
            loaded = getattr(self, name).all()
            loaded._result_cache, loaded._prefetch_done = list(rows), True
            self._prefetched_objects_cache = {**getattr(self, "_prefetched_objects_cache", {}), name: loaded}

    @property
    def mailable_address(self) -> str | None:
        """The e-mail address that may receive mail: confirmed, and not known to bounce."""
        email = self.contact("email")
        return email.value if email is not None and email.may_get_mail else None

    @property
    def undeliverable_email(self) -> "ContactPoint | None":
        """The e-mail address, if mail to it bounces. The member is then asked for another address."""
        email = self.contact("email")
        return email if email is not None and email.undeliverable_since is not None else None


def key_of(account: Account | None) -> int:
    """The account's primary key; 0 (never used) for no account, so that a query for a stranger costs the same."""
    return account.pk if account is not None else 0


class ContactPoint(models.Model):
    """An account's e-mail address or mobile number.

    `exclusive` (from the market's profile) means that only one account may have this value *confirmed*. An unconfirmed
    address blocks nobody. `undeliverable_since`: mail bounces since then; the event `contact.bounced` has the source.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contact_points")
    market = models.CharField(max_length=8)
    kind = models.CharField(max_length=8, choices=[("email", "email"), ("mobile", "mobile")])
    value = models.CharField(max_length=254)
    key = models.CharField(max_length=254)
    exclusive = models.BooleanField()
    confirmed_at = models.DateTimeField(null=True)
    undeliverable_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind"], name="contact_kind_once"),
            models.UniqueConstraint(
                fields=["market", "kind", "key"],
                condition=Q(exclusive=True, confirmed_at__isnull=False),
                name="contact_held_once",
            ),
        ]
        indexes = [models.Index(fields=["market", "kind", "key"], name="contact_by_key")]

    @property
    def may_get_mail(self) -> bool:
        """Whether this e-mail address is confirmed and not known to bounce."""
        return self.confirmed_at is not None and self.undeliverable_since is None


def contact_key(kind: ContactKind, value: str) -> str:
    """The key for comparing contact points: a normalised e-mail address, or an E.164 number."""
    return fold_email(value) if kind == "email" else value


class Username(models.Model):
    """A username that was issued. Rows are never deleted, so that no username is issued twice.

    `replaced_at` is when the account got a newer username. `campaign` names the bulk run that issued it; it is empty
    for a username from registration. A campaign issues at most one username to an account.
    """

    market = models.CharField(max_length=8)
    value = models.CharField(max_length=24)
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="usernames")
    reserved_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True)
    campaign = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "value"], name="username_once"),
            models.UniqueConstraint(
                fields=["account", "campaign"], condition=~Q(campaign=""), name="username_once_a_campaign"
            ),
        ]
        ordering = ["-id"]


class TemporaryPassword(models.Model):
    """A password sent by mail: random, single use, short-lived. A keyed digest is enough, because it is long.

    For strangers we also write rows, without an account, so that timing reveals nothing.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="temporary_passwords")
    asked_on = models.BigIntegerField(null=True)  # primary key of the known device; null on an unknown device
    digest = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)


class EmailConfirmation(models.Model):
    """A link that confirms an e-mail address; valid while the account still has that address."""

    contact_point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="confirmations")
    key = models.CharField(max_length=254)
    token_hash = models.BinaryField(max_length=32, unique=True)
    used_at = models.DateTimeField(null=True)

    @property
    def is_good(self) -> bool:
        """Whether it is unused and still for the account's current address."""
        return self.used_at is None and self.key == self.contact_point.key


class Authenticator(models.Model):
    """A member's app that derives six-digit codes from a shared secret and the time (RFC 6238).

    `last_step` is the newest 30-second time step whose code was used. Each code can be used once.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="authenticator")
    secret = EncryptedTextField()
    linked_at = models.DateTimeField(default=timezone.now)
    last_step = models.BigIntegerField()


class OneTimeCode(models.Model):
    """A code sent for one step of one journey to one contact point. Stored as a keyed digest; void after a resend.

    Codes with the same `line` (also a keyed digest) share one waiting time, even across journeys.

    `message` has the time at which the provider accepted the code; its lifetime starts then. A code for a person who
    does not exist is sent to nobody. It looks the same from outside and matches nothing.
    """

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="codes")
    step = models.CharField(max_length=24)
    contact = models.BinaryField(max_length=32)
    line = models.BinaryField(max_length=32, null=True)
    digest = models.BinaryField(max_length=32)
    message = models.OneToOneField(Message, on_delete=models.PROTECT)
    life = models.DurationField()
    created_at = models.DateTimeField(default=timezone.now)
    voided_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    LONGEST_LIFE = timedelta(minutes=10)

    class Meta:
        indexes = [
            models.Index(fields=["journey", "step"], name="code_by_step"),
            models.Index(fields=["line", "created_at"], name="code_by_line"),
        ]

    @property
    def expires_at(self) -> datetime | None:
        """The end of its lifetime, counted from acceptance by the provider; at most ten minutes after the request."""
        if self.message.taken_at is None:
            return None
        return min(self.message.taken_at + self.life, self.created_at + self.LONGEST_LIFE)

    def is_expired_at(self, now: datetime) -> bool:
        """Whether the code has expired."""
        return now >= (self.expires_at or self.created_at + self.LONGEST_LIFE)


class DeviceQuerySet(models.QuerySet["Device"]):
    """Queries for devices."""

    def signed_in(self, now: datetime) -> Self:
        """Devices with an active session."""
        return self.filter(session_hash__isnull=False, idle_until__gt=now, ends_at__gt=now)


class Device(models.Model):
    """A browser or an app of a member. One token identifies the device; another, new for each sign-in, is its session.

    Page sessions and API tokens are stored in the same rows. `session_hash` is null while signed out.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="devices")
    recognition_hash = models.BinaryField(max_length=32, unique=True)
    session_hash = models.BinaryField(max_length=32, unique=True, null=True)
    client = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    signed_in_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    idle_until = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    objects = DeviceQuerySet.as_manager()
