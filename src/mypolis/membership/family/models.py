import uuid
from datetime import date, datetime
from typing import Literal, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField
from mypolis.foundation.markets.profile import Text
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.relations.rules import Scope
from mypolis.membership.people.models import Person

STAFF_AS_SEEN: dict[str, Text] = {
    "agent": _("An agent of your insurer"),
    "operator": _("An operator of your insurer"),
    "assessor": _("An assessor of your insurer"),
    "senior-assessor": _("A senior assessor of your insurer"),
}

type MandateState = Literal["offered", "unanswered", "standing", "ended"]
type ConsentState = Literal["asked", "unanswered", "declined", "active", "ended"]


def cover_alone() -> list[Scope]:
    """What a mandate allows unless the giver says more."""
    return ["cover"]


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Queries for mandates."""

    def active_on(self, day: date) -> Self:
        """Active mandates: accepted, not ended, and not past their last day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), accepted_at__isnull=False, ended_at__isnull=True)

    def open_at(self, now: datetime, day: date) -> Self:
        """Offers that can still be answered."""
        return self.filter(
            Q(until__isnull=True) | Q(until__gte=day),
            accepted_at__isnull=True,
            declined_at__isnull=True,
            ended_at__isnull=True,
            expires_at__gt=now,
        )


class Mandate(models.Model):
    """Permission from one member (the giver) to another (the proxy). Active once accepted.

    `scopes` says for what: always `cover` (cover and card), and perhaps `claims` (making claims for the giver).
    `typed` is how the giver named the proxy. An offer that matched nobody has no proxy. The giver cannot tell it from
    an unanswered offer, and a declined offer looks the same too. `until` is the last day; None means no end date.
    `ended_by` is `giver`, `proxy`, `time` or `newer`. An offer that was never accepted ends when it is withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    giver = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mandates_given")
    proxy = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="mandates_held")
    typed = EncryptedTextField()
    scopes = models.JSONField(default=cover_alone, db_default=["cover"])
    until = models.DateField(null=True)
    offered_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "proxy"],
                condition=Q(accepted_at__isnull=False, ended_at__isnull=True),
                name="mandate_one_stands",
            )
        ]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at__isnull=True), name="mandate_by_last_day")]

    @property
    def allows_claims(self) -> bool:
        """Whether the proxy may make claims for the giver."""
        return "claims" in self.scopes

    def state_at(self, now: datetime, today: date) -> MandateState:
        """The state of the mandate, as its giver may know it."""
        is_over = self.until is not None and self.until < today
        if self.ended_at is not None or (self.accepted_at is not None and is_over):
            return "ended"
        if self.accepted_at is not None:
            return "standing"
        return "offered" if now < self.expires_at and not is_over else "unanswered"


class Privacy(models.Model):
    """A period, `since` to `ended_at`, in which a young person hides their cover from their parents."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="privacies")
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(ended_at__isnull=True), name="privacy_once")
        ]


class Viewing(models.Model):
    """A member opened another person's `cover`, `card` or `claims` (`what`); at most one row a minute.

    `seen_as` is `parent`, `proxy`, or, for claims alone, `consent`.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="viewings")
    viewer = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="viewings")
    seen_as = models.CharField(max_length=8)
    what = models.CharField(max_length=12)
    minute = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "viewer", "what", "minute"], name="viewing_once_a_minute")
        ]
        indexes = [models.Index(fields=["person", "-at"], name="viewing_newest"), models.Index(fields=["at"])]


class StaffViewing(models.Model):
    """A member of the insurer's staff opened the pages about a person; at most one row an hour.

    `staff` is the key of their account at the desk, `role` the role in which they did it: all that the person learns.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="staff_viewings")
    staff = models.BigIntegerField()
    role = models.CharField(max_length=16)
    hour = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "staff", "hour"], name="staff_viewing_once_an_hour")]
        indexes = [models.Index(fields=["person", "-at"], name="staff_viewing_newest"), models.Index(fields=["at"])]

    @property
    def role_label(self) -> Text:
        """Who it was, as the person reads it."""
        return STAFF_AS_SEEN.get(self.role, _("A colleague of your insurer"))


class AgeNotice(models.Model):
    """The notice to an account that a child comes of age on `day`; one row for each recipient."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="age_notices")
    child = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="age_notices")
    day = models.DateField()
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "child"], name="age_notice_once")]


class ClaimConsentQuerySet(models.QuerySet["ClaimConsent"]):
    """Queries for consents to claims."""

    def active(self) -> Self:
        """Consents that were given and have not ended."""
        return self.filter(given_at__isnull=False, ended_at__isnull=True)

    def unanswered(self) -> Self:
        """Requests without an answer that were not withdrawn. They may have expired."""
        return self.filter(given_at__isnull=True, declined_at__isnull=True, ended_at__isnull=True)


class ClaimConsent(models.Model):
    """An adult without an account is asked, by a link, to let a member (the asker) make claims for them.

    Active once given. The link went to the person's own contact on file by `channel`; with it, they can also end the
    consent. `version`, `language` and `digest` are those of the text, `address` and `client` those of the agreement.
    `ended_by` is `person`, `asker`, or `newer` for a request that another one replaced.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    asker = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="claim_consents_asked")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claim_consents")
    token_hash = models.BinaryField(max_length=32, unique=True)
    channel = models.CharField(max_length=8)
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, blank=True)
    version = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=12, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    address = models.GenericIPAddressField(null=True)
    client = models.CharField(max_length=200, blank=True)

    objects = ClaimConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asker", "person"],
                condition=Q(declined_at__isnull=True, ended_at__isnull=True),
                name="claim_consent_one_open",
            )
        ]

    def state_at(self, now: datetime) -> ConsentState:
        """The state, as both sides see it."""
        if self.ended_at is not None:
            return "ended"
        if self.declined_at is not None:
            return "declined"
        if self.given_at is not None:
            return "active"
        return "asked" if now < self.expires_at else "unanswered"


class StaffRelation(models.Model):
    """A member of the insurer's staff is this insured person. `staff` is the key of their account at the desk."""

    market = models.CharField(max_length=8)
    staff = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="staff_relations")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "person"], name="staff_relation_once")]
