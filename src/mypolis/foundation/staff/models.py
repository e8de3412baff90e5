from datetime import datetime
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from mypolis.foundation.factors.models import Holder
from mypolis.foundation.lib.crypto.encrypted import EncryptedJSONField
from mypolis.foundation.rooms import Right, Role


class StaffAccount(models.Model):
    """A member of the insurer's staff. `name` and `email` are for colleagues; members never see them.

    `email_key` is the canonical form by which addresses are compared. Without `password_hash` the invitation was not
    accepted yet. A closed account keeps its row, because events and decisions refer to it.
    """

    email = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=12)
    password_hash = models.CharField(max_length=255, blank=True)
    holder = models.OneToOneField(Holder, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    joined_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    @cached_property
    def held_roles(self) -> dict[str, frozenset[Role]]:
        """The roles by market, loaded once for each request, so that a role that was taken away ends at the next."""
        found: dict[str, frozenset[Role]] = {}
        for row in self.roles.all():
            found[row.market] = found.get(row.market, frozenset()) | {row.role}
        return found

    def roles_in(self, market: str) -> frozenset[Role]:
        """The roles in a market."""
        return self.held_roles.get(market, frozenset())

    def may(self, right: Right, market: str = "") -> bool:
        """Whether one of the roles has the right: a role in this market, or in any if the right is `in_any_market`."""
        if right.in_any_market:
            return any(roles & right.roles for roles in self.held_roles.values())
        return bool(self.roles_in(market) & right.roles)


class StaffRole(models.Model):
    """A role that somebody has in a market. `given_by` is the actor, as `KIND:KEY`.

    `proposed_by` is the first of two people who gave it; `given_by` is then the second. None for the command.
    """

    account = models.ForeignKey(StaffAccount, on_delete=models.CASCADE, related_name="roles")
    market = models.CharField(max_length=8)
    role: "models.CharField[Role, Role]" = models.CharField(max_length=16)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.CharField(max_length=80)
    proposed_by = models.ForeignKey(StaffAccount, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "market", "role"], name="staff_role_once")]
        indexes = [models.Index(fields=["market", "role"], name="staff_role_by_market")]


class StaffInvitation(models.Model):
    """A link with which somebody sets up their account. It can be opened again until a second factor is linked."""

    account = models.ForeignKey(StaffAccount, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def is_good_at(self, now: datetime) -> bool:
        """Whether it can be used."""
        return self.used_at is None and now < self.expires_at and self.account.closed_at is None


class StaffSessionQuerySet(models.QuerySet["StaffSession"]):
    """Queries for sessions at the desk."""

    def active(self, now: datetime) -> Self:
        """Sessions that did not end. They may be locked."""
        return self.filter(ended_at=None, ends_at__gt=now, account__closed_at=None)


class StaffSession(models.Model):
    """A browser that is signed in at the desk.

    After `idle_until` the session is locked until a factor is shown again; at `ends_at` it is over. Sensitive pages
    need a factor that was shown before `fresh_until`. With `only_factors` it opens only the pages where one links a
    passkey or an app: somebody joins, or came in with a recovery code.
    """

    account = models.ForeignKey(StaffAccount, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.BinaryField(max_length=32, unique=True)
    client = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    signed_in_at = models.DateTimeField(default=timezone.now)
    last_act_at = models.DateTimeField()
    idle_until = models.DateTimeField()
    fresh_until = models.DateTimeField()
    ends_at = models.DateTimeField()
    only_factors = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    objects = StaffSessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="staff_session_by_end")]

    def is_locked_at(self, now: datetime) -> bool:
        """Whether nobody worked here for so long that a factor must be shown again."""
        return now >= self.idle_until

    def is_fresh_at(self, now: datetime) -> bool:
        """Whether a factor was shown so recently that sensitive pages open."""
        return now < self.fresh_until


class Approval(models.Model):
    """A change that somebody proposed and somebody else approves before it takes effect.

    `payload` is what the change needs, encrypted; `payload_digest` shows that nobody altered it meanwhile.
    """

    class State(models.TextChoices):
        """Where a proposal is. Only `PROPOSED` is open."""

        PROPOSED = "proposed"
        APPLIED = "applied"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"
        STALE = "stale"

    kind = models.CharField(max_length=32)
    market = models.CharField(max_length=8)
    payload = EncryptedJSONField()
    payload_digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(StaffAccount, on_delete=models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(StaffAccount, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="approval_by_two_people"
            )
        ]
        indexes = [
            models.Index(fields=["market", "-proposed_at"], name="approval_by_market"),
            models.Index(fields=["expires_at"], condition=Q(state="proposed"), name="approval_open"),
        ]


class SavedFilter(models.Model):
    """Filters of a list that somebody saved: the list's path, and choices as a query. Nothing that was typed."""

    account = models.ForeignKey(StaffAccount, on_delete=models.CASCADE, related_name="saved_filters")
    path = models.CharField(max_length=120)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "path", "name"], name="saved_filter_by_name")]
