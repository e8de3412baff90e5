import uuid
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField
from mypolis.foundation.lib.text.masking import DOT
from mypolis.insurance.bank_accounts.banks import bank_name
from mypolis.insurance.bank_accounts.numbers.account_number import identity_of
from mypolis.membership.accounts.models import Account

_PURPOSE = "bank-account"
_LAST = 4


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    """Queries for bank accounts."""

    def kept(self) -> Self:
        """Accounts that their member has not removed."""
        return self.filter(removed_at__isnull=True)

    def referred_to_by_nothing(self) -> Self:
        """Accounts to which no row of any room refers, such as a claim."""
        names = [relation.name for relation in self.model._meta.related_objects]
        return self.filter(**{f"{name}__isnull": True for name in names})

    def with_identity(self, identity: str) -> Self:
        """Accounts with this number (`AccountNumber.identity`)."""
        return self.filter(identity_digest__in=keyring.current().digests(identity, purpose=_PURPOSE))


class BankAccount(models.Model):
    """A bank account of a member, to which claims are paid. A row exists only after a second factor confirmed it.

    The number is never changed: a member adds another account instead. A removed account stays while claims refer to
    it. `bank` is the bank's code, empty for an IBAN. `added_at` is when the second factor was entered.
    """

    RECENT = timedelta(days=14)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="bank_accounts")
    market = models.CharField(max_length=8)
    kind = models.CharField(max_length=4, choices=[(kind, kind) for kind in ("iban", "rs", "ru", "id")])
    bank = models.CharField(max_length=9, blank=True)
    number = EncryptedTextField()
    identity_digest = models.BinaryField(max_length=32)
    holder = EncryptedTextField()
    is_default = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "identity_digest"], condition=Q(removed_at__isnull=True), name="bank_account_once"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_default=True, removed_at__isnull=True),
                name="bank_account_one_default",
            ),
        ]

    def write_keys(self) -> None:
        """Recompute the look-up column from the values. Call it before saving a new number."""
        identity = identity_of(self.kind, self.bank, self.number)
        self.identity_digest = keyring.current().digest(identity, purpose=_PURPOSE)

    @property
    def shown(self) -> str:
        """The number as pages show it: "•••• 1234"."""
        return f"{DOT * 4} {self.last_digits}"

    @property
    def last_digits(self) -> str:
        """The last four digits, for messages. They need no dots: one dot halves the length of an SMS."""
        number: str = self.number
        return number[-_LAST:]

    @property
    def as_shown(self) -> dict[str, str]:
        """`{"kind": "rs", "shown": "•••• 1234"}`, as claims tell where they are paid."""
        return {"kind": self.kind, "shown": self.shown}

    @property
    def bank_name(self) -> str:
        """The bank's name, its code if we do not know the name, or ""."""
        return bank_name(self.kind, self.bank)  # type: ignore[arg-type]  # the column's choices are the kinds

    @property
    def is_recently_changed(self) -> bool:
        """Whether it was added less than `RECENT` ago, so that people who pay should check it."""
        return timezone.now() - self.added_at < self.RECENT
