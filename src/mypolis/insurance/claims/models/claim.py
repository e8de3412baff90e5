"""A claim and its rows: bills, changes of state, questions, decisions, appeals, payments."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.encrypted import EncryptedJSONField, EncryptedTextField
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.lifecycle.states import CLOSED, UNDECIDED, State
from mypolis.insurance.coverage.models import PlanVersion
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership

BILL_DIGEST = "claims.bill"  # the purpose of the key
PROVIDER_DIGEST = "claims.provider"
_MONEY = {"max_digits": 14, "decimal_places": 2}
_SENT = ~Q(number="")
_UNDECIDED = sorted(state.value for state in UNDECIDED)
_AT_THE_DESK = Q(state__in=_UNDECIDED)
_LARGEST = Decimal(10**12) - 1


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Queries for claims."""

    def drafts(self) -> Self:
        """Claims that were not sent yet."""
        return self.filter(state=State.DRAFT)

    def sent(self) -> Self:
        """Claims that have a number."""
        return self.exclude(number="")

    def undecided(self) -> Self:
        """Sent claims that wait for a decision, first or after an appeal."""
        return self.filter(state__in=_UNDECIDED)

    def open(self) -> Self:
        """Claims that are not closed, drafts included."""
        return self.exclude(state__in=CLOSED)


class Claim(models.Model):
    """A request to pay for treatment or an insured event of one membership, first as a draft.

    `account` made it. `basis` is the id of the mandate or consent that allowed it, if the account acts for somebody
    else. `origin` is `member`, or `clinic` for treatment that a clinic billed directly. `number` is empty until it is
    sent. `version` grows with every change.

    `treated_on` to `until` are the days of treatment; `provider` and `diagnosis` are the member's own words.
    `details` are the fields that the benefit's kind of insurance adds (`drafts.fields`).

    The promise: `received_at` is when all papers were there, `promised_by` the day of the promised decision. While the
    claim waits for the member, `promised_by` is empty and `promise_left` holds the days that are left; `answer_by` is
    the last day for an answer, of which we sent so many `reminders`. `appeal_until` is the last day for an appeal.

    `billed` is the sum of its bills as they were sent, in `billed_in`; None if they are in several currencies.

    `provider_digest` is a keyed digest of the market and the provider's folded name, which finds claims of the same
    provider; drafts, and claims that were sent before there were digests, have none.

    `related` is the claim that this one repeats ("send again"), or of which it is a duplicate. `warned_at` is when we
    warned the member that the draft will be deleted.

    `came_by` is empty for a claim that its member sent. Otherwise somebody at the desk entered it: it came by `phone`,
    `post` or in `person` on the day `came_on`, and `entered_by` is the key of the colleague's account.

    `changed_in` is the transaction that wrote the row last; the database sets it. `core_system.changes` reads claims in
    this order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="claims")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="claims")
    basis = models.UUIDField(null=True)
    origin = models.CharField(max_length=8, default="member")
    number = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)

    benefit = models.CharField(max_length=40, blank=True)
    treated_on = models.DateField(null=True)
    until = models.DateField(null=True)
    provider = EncryptedTextField(default="")
    provider_digest = models.BinaryField(max_length=32, null=True)
    diagnosis = EncryptedTextField(default="")
    details = EncryptedJSONField(default=dict)
    pay_to = models.ForeignKey(BankAccount, on_delete=models.PROTECT, null=True, related_name="claims")

    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    warned_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    promised_by = models.DateField(null=True)
    promise_left = models.PositiveSmallIntegerField(null=True)
    answer_by = models.DateField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    appeal_until = models.DateField(null=True)
    billed = models.DecimalField(null=True, **_MONEY)  # type: ignore[arg-type]
    billed_in = models.CharField(max_length=3, blank=True)
    related = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="repeats")
    came_by = models.CharField(max_length=8, blank=True, default="", db_default="")
    came_on = models.DateField(null=True)
    entered_by = models.BigIntegerField(null=True)
    changed_in = models.BigIntegerField(default=0, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "number"], condition=_SENT, name="claim_number_once"),
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="claim_known_state"),
            models.CheckConstraint(condition=Q(origin__in=["member", "clinic"]), name="claim_known_origin"),
            models.CheckConstraint(
                condition=Q(came_by="", came_on=None, entered_by=None)
                | Q(came_by__in=["phone", "post", "person"], came_on__isnull=False, entered_by__isnull=False),
                name="claim_entered_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "-created_at"], name="claim_newest"),
            models.Index(fields=["account", "-created_at"], name="claim_by_account"),
            models.Index(fields=["market", "promised_by", "number"], condition=_SENT, name="claim_by_promise"),
            models.Index(fields=["market", "state", "promised_by", "number"], condition=_SENT, name="claim_by_state"),
            models.Index(fields=["market", "touched_at"], condition=_SENT, name="claim_touched"),
            models.Index(fields=["market", "promised_by", "number"], condition=_AT_THE_DESK, name="claim_desk_promise"),
            models.Index(fields=["market", "sent_at", "number"], condition=_AT_THE_DESK, name="claim_desk_age"),
            models.Index(
                "market",
                models.F("billed").desc(nulls_last=True),
                "number",
                condition=_AT_THE_DESK,
                name="claim_desk_amount",
            ),
            models.Index(
                fields=["market", "benefit", "promised_by", "number"],
                condition=_AT_THE_DESK,
                name="claim_desk_benefit",
            ),
            models.Index(
                fields=["market", "promised_by", "number"],
                condition=_AT_THE_DESK & Q(decided_at__isnull=False),
                name="claim_desk_appeals",
            ),
            models.Index(
                fields=["provider_digest", "-sent_at"],
                condition=Q(provider_digest__isnull=False),
                name="claim_by_provider",
            ),
            models.Index(fields=["touched_at"], condition=Q(state="draft"), name="claim_draft_age"),
            models.Index(fields=["answer_by"], condition=Q(state="waiting_for_member"), name="claim_answer_day"),
            models.Index(fields=["market", "changed_in", "id"], condition=_SENT, name="claim_changed_in"),
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
    def is_draft(self) -> bool:
        """Whether the claim was not sent yet."""
        return self.state == State.DRAFT

    def sum_up(self, lines: "Iterable[Line]") -> None:
        """Set `billed` from the claim's lines. The caller saves it."""
        sums = [(line.amount, line.currency) for line in lines if line.amount is not None]
        currencies = {currency for _amount, currency in sums}
        self.billed, self.billed_in = None, ""
        if len(currencies) == 1:
            self.billed = min(sum((amount for amount, _currency in sums), Decimal(0)), _LARGEST)
            self.billed_in = currencies.pop()

    @property
    def provider_key(self) -> str:
        """What tells this provider from others of all markets, for digests; empty for a claim that names none."""
        folded = fold_reference(self.provider)
        return f"{self.market}|{folded}" if folded else ""

    def remember_provider(self) -> None:
        """Compute the digest of the provider of a claim that is sent. The caller saves it."""
        key = self.provider_key
        self.provider_digest = keyring.current().digest(key, purpose=PROVIDER_DIGEST) if key else None

    def write_keys(self) -> None:
        """Recompute the digest of a claim that has one; drafts have none."""
        if self.provider_digest is not None:
            self.remember_provider()

    @property
    def chosen_account(self) -> BankAccount | None:
        """The account to which it will be paid; None if none was chosen, or if the member removed it meanwhile."""
        return self.pay_to if self.pay_to is not None and self.pay_to.removed_at is None else None

    @property
    def last_decision(self) -> "Decision | None":
        """The decision that holds; None before the first."""
        return max(self.decisions.all(), key=lambda decision: decision.number, default=None)


class Line(models.Model):
    """One line of a bill, as typed or read: on a draft, everything but its place can be missing.

    `date` to `until` are days of treatment. `number` is the bill's. `same_case_as` is an earlier claim of the same
    hospital stay or pregnancy. `in_network` is None until somebody knows. `amount` is in `currency`. `read_from` says
    where date and amount come from: `typed` or `code`.

    The other fields belong to assessors: `rate` turns the amount into the plan's currency, with its source;
    `paid_elsewhere` and `not_medical` are parts in the plan's currency that we do not pay; `refusal` is a code of
    `adjudication.reasons` with which an assessor refuses the line, `note` their sentence for it. `repeat_digest` is
    a keyed digest of number, date, amount and provider that finds the same bill again; only sent lines have one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveSmallIntegerField()
    date = models.DateField(null=True)
    until = models.DateField(null=True)
    benefit = models.CharField(max_length=40, blank=True)
    text = EncryptedTextField(default="")
    number = EncryptedTextField(default="")
    count = models.PositiveIntegerField(default=1)
    same_case_as = models.ForeignKey(Claim, on_delete=models.SET_NULL, null=True, related_name="+")
    in_network = models.BooleanField(null=True)
    amount = models.DecimalField(null=True, **_MONEY)  # type: ignore[arg-type]
    currency = models.CharField(max_length=3, blank=True)
    read_from = models.CharField(max_length=8, default="typed")

    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    rate_source = models.CharField(max_length=120, blank=True)
    paid_elsewhere = models.DecimalField(default=Decimal(0), **_MONEY)  # type: ignore[arg-type]
    not_medical = models.DecimalField(default=Decimal(0), **_MONEY)  # type: ignore[arg-type]
    refusal = models.CharField(max_length=24, blank=True)
    note = EncryptedTextField(default="")
    repeat_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "place"], name="line_place_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="line_amount_positive"),
            models.CheckConstraint(condition=Q(count__gte=1), name="line_count_positive"),
        ]
        indexes = [
            models.Index(fields=["repeat_digest"], condition=Q(repeat_digest__isnull=False), name="line_repeated")
        ]

    @property
    def bill(self) -> str:
        """What tells this bill from others, for digests; empty as long as number, date or amount is missing."""
        number = fold_reference(self.number)
        if not number or self.date is None or self.amount is None:
            return ""
        provider = fold_reference(self.claim.provider)
        parts = (self.claim.market, number, self.date.isoformat(), f"{self.amount:.2f}", self.currency, provider)
        return "|".join(parts)

    def remember(self) -> None:
        """Compute the digest of a line that is sent. The caller saves it."""
        bill = self.bill
        self.repeat_digest = keyring.current().digest(bill, purpose=BILL_DIGEST) if bill else None

    def write_keys(self) -> None:
        """Recompute the digest of a line that has one; drafts have none."""
        if self.repeat_digest is not None:
            self.remember()


class Decision(models.Model):
    """A decision about a claim; rows are only added, and the one with the highest number holds.

    `outcome` is a state of `states.DECIDED`. `source` is `rules`, `desk`, `partner` or `command`. A core system gives
    its decision an `external_id`; `digest` tells a repeated decision from another one with the same id. `at` is when
    it was decided, `recorded_at` when we learnt it.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=20)
    source = models.CharField(max_length=8)
    external_id = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(default=timezone.now)
    by_kind = models.CharField(max_length=12)
    by_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="decision_number_once"),
            models.UniqueConstraint(
                fields=["claim", "external_id"], condition=~Q(external_id=""), name="decision_external_once"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="decision_by_day")]

    @property
    def its_appeal(self) -> "Appeal | None":
        """The member's appeal against this decision, if there is one."""
        return getattr(self, "appeal", None)


class DecidedLine(models.Model):
    """What a decision says about one line, in the plan's currency: granted + own_share = billed.

    `excess` is the part of the own share that counts as excess borne. `cuts` are `[{"code", "amount", "facts"}]`: the
    amounts add up to `own_share`, or are null if a decision from outside gave several reasons. `plan` names product and
    plan of the day of treatment, `plan_version` is what it said then; both are empty if the plan is unknown.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="decided")
    billed = models.DecimalField(**_MONEY)  # type: ignore[arg-type]
    granted = models.DecimalField(**_MONEY)  # type: ignore[arg-type]
    own_share = models.DecimalField(**_MONEY)  # type: ignore[arg-type]
    excess = models.DecimalField(default=Decimal(0), **_MONEY)  # type: ignore[arg-type]
    currency = models.CharField(max_length=3)
    plan = models.CharField(max_length=120, blank=True)
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    cuts = EncryptedJSONField(default=list)

    class Meta:
        ordering = ["line__place"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "line"], name="decided_line_once"),
            models.CheckConstraint(condition=Q(granted__gte=0, own_share__gte=0), name="decided_not_negative"),
        ]


class Appeal(models.Model):
    """A member asks that somebody else look at a decision again; once per decision. `files` were added for it."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    text = EncryptedTextField()
    at = models.DateTimeField(default=timezone.now)
    files = models.ManyToManyField(ReceivedFile, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"], name="appeal_by_day")]


class Payment(models.Model):
    """One attempt to pay what a decision granted. `state` is `to_be_paid`, `paid` or `failed`.

    Payments with the same `transfer` number were made together and have one result; it is 0 until the bank reports.
    `code` is a reason of kind payment when it failed. `shown` is the masked account. `at` is the bank's day.
    `line` is the line of the payment run that pays it.
    """

    TO_BE_PAID, PAID, FAILED = "to_be_paid", "paid", "failed"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="payments")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveSmallIntegerField(default=1)
    transfer = models.PositiveSmallIntegerField(default=0)
    line = models.ForeignKey("claims.RunLine", on_delete=models.PROTECT, null=True, related_name="payments")
    state = models.CharField(max_length=12, default=TO_BE_PAID)
    amount = models.DecimalField(**_MONEY)  # type: ignore[arg-type]
    currency = models.CharField(max_length=3)
    shown = models.CharField(max_length=24, blank=True)
    code = models.CharField(max_length=24, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "attempt"], name="payment_attempt_once")]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="to_be_paid"), name="payment_on_its_way"),
            models.Index(fields=["at"], condition=Q(state="paid"), name="payment_by_day"),
        ]


def day_of(moment: datetime, profile: Profile) -> date:
    """The market's calendar day of a moment."""
    return timezone.localdate(moment, profile.zone)
