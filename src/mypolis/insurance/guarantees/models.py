import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.markets.profile import Profile
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.guarantees.lifecycle.states import OPEN, STANDING, State
from mypolis.insurance.providers.models import Provider
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership

_MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class GuaranteeQuerySet(models.QuerySet["Guarantee"]):
    """Queries for guarantees."""

    def standing_on(self, day: date) -> Self:
        """Those on which a clinic can rely on this day."""
        return self.filter(
            state__in=sorted(state.value for state in STANDING), valid_from__lte=day, valid_until__gte=day
        )

    def open(self) -> Self:
        """Those that wait for a decision, or on which a clinic can rely."""
        return self.filter(state__in=sorted(state.value for state in OPEN))


class Guarantee(models.Model):
    """A promise to pay a clinic for planned treatment of one member, or the request for one.

    `account` is who asked, or None if a clinic did; `basis` is the mandate or consent under which they asked for
    somebody else. `provider` is a row of the directory; without one, `provider_name` was typed. Sums are in `currency`,
    the plan's: `expected` is what the treatment may cost, `promised` what the letter says that we pay, `own_share` the
    rest; after a change they are about what the clinic had not billed by then. Both are zero before a decision.
    `conditions` are the decider's words on the letter, for the clinic and the member.
    `valid_from` to `valid_until` are days of the market, both included. `reservations` counts how often something was
    reserved for it, for the ids in the ledger.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    number = models.CharField(max_length=20)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="guarantees")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="guarantees")
    basis = models.UUIDField(null=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, null=True, related_name="guarantees")
    provider_name = EncryptedTextField()
    benefit = models.CharField(max_length=40)
    planned_from = models.DateField()
    planned_to = models.DateField()
    expected = models.DecimalField(**_MONEY)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, default=State.ASKED)
    promised = models.DecimalField(default=Decimal(0), **_MONEY)
    own_share = models.DecimalField(default=Decimal(0), **_MONEY)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    conditions = EncryptedTextField(default="")
    reservations = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)

    objects = GuaranteeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "number"], name="guarantee_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="guarantee_known_state"
            ),
            models.CheckConstraint(condition=Q(expected__gt=0), name="guarantee_expects_something"),
            models.CheckConstraint(condition=Q(promised__gte=0, own_share__gte=0), name="guarantee_not_negative"),
            models.CheckConstraint(condition=Q(planned_to__gte=models.F("planned_from")), name="guarantee_in_order"),
        ]
        indexes = [
            models.Index(fields=["membership", "-asked_at"], name="guarantee_newest"),
            models.Index(fields=["account", "-asked_at"], name="guarantee_by_account"),
            models.Index(
                fields=["market", "valid_until"],
                condition=Q(state__in=sorted(state.value for state in OPEN)),
                name="guarantee_open",
            ),
            models.Index(fields=["market", "state", "asked_at", "id"], name="guarantee_queue"),
            models.Index(fields=["market", "asked_at", "id"], name="guarantee_by_age"),
        ]

    @property
    def profile(self) -> Profile:
        """The market's profile."""
        return profile_of(self.market)

    @property
    def in_state(self) -> State:
        """The state as an enum member."""
        return State(self.state)

    @property
    def usual_end(self) -> date:
        """The last day of a letter if nobody chooses another one."""
        return self.planned_to + timedelta(days=self.profile.guarantees.valid_days)

    @property
    def stands(self) -> bool:
        """Whether a clinic can rely on it today: it was given, has not ended, and today is one of its days."""
        if self.in_state not in STANDING or self.valid_from is None or self.valid_until is None:
            return False
        return self.valid_from <= self.profile.today() <= self.valid_until


class GuaranteeChange(models.Model):
    """A guarantee went from one state to another; rows are only added.

    `code` is why it was refused or revoked (`lifecycle.reasons`), `reason` the decider's own words for the member.
    """

    guarantee = models.ForeignKey(Guarantee, on_delete=models.CASCADE, related_name="changes")
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    at = models.DateTimeField(default=timezone.now)
    by_kind = models.CharField(max_length=12)
    by_id = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=24, blank=True)
    reason = EncryptedTextField(default="")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["guarantee", "at"], name="guarantee_change_order")]


class GuaranteeBill(models.Model):
    """A clinic's bill that names a guarantee. With the last one, the rest of the promise is released."""

    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="bills")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="guaranteed")
    is_last = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)


class GuaranteeLetter(models.Model):
    """A letter that was issued: the hash of its code; the PDF is a stored file that it owns.

    `kind` is the state of the guarantee that it tells: given (the initial letter), extended or final.
    """

    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12)
    code_hash = models.BinaryField(max_length=32, unique=True)
    language = models.CharField(max_length=12)
    issued_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)


class GuaranteeInHand(models.Model):
    """A guarantee that somebody at the desk works on; its health data is open to them only.

    `staff` is the key of an account at the desk, `name` their name for colleagues at that time. The row goes with the
    next change of the guarantee's state.
    """

    guarantee = models.OneToOneField(Guarantee, on_delete=models.CASCADE, primary_key=True, related_name="in_hand")
    staff = models.BigIntegerField()
    name = models.CharField(max_length=120)
    since = models.DateTimeField(default=timezone.now)


class GuaranteeProposal(models.Model):
    """A promise above its proposer's authority, which waits for a second person.

    `to` and the terms are as `lifecycle.deciding.write_letter` takes them; `promised` is what the rules would pay when
    it was proposed. `remark` is set if the second person sent it back; then the first one proposes anew. The row goes
    with the next change of the guarantee's state.
    """

    guarantee = models.OneToOneField(Guarantee, on_delete=models.CASCADE, primary_key=True, related_name="proposal")
    to = models.CharField(max_length=12)
    expected = models.DecimalField(**_MONEY)
    planned_to = models.DateField()
    valid_until = models.DateField(null=True)
    conditions = EncryptedTextField(default="")
    promised = models.DecimalField(**_MONEY)
    proposed_by = models.BigIntegerField()
    proposed_name = models.CharField(max_length=120)
    proposed_at = models.DateTimeField(default=timezone.now)
    remark = EncryptedTextField(default="")
    is_returned = models.BooleanField(default=False)
