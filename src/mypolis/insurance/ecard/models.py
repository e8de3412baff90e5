import uuid
from datetime import datetime
from typing import Literal, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedBytesField, EncryptedJSONField
from mypolis.membership.people.models import Membership

type Outcome = Literal["active", "not_active", "replaced", "expired"]
type LookOutcome = Outcome | Literal["limited"]
type Looker = Literal["self", "phone", "computer", "program"]


class Card(models.Model):
    """A card of a cover. Only one is valid at a time; a new one revokes the previous card and all of its codes.

    Its validity is computed from the membership at each check, and never stored. `secret` signs this card's codes
    and no other's. The codes contain the id, which carries no information.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="cards")
    number = models.CharField(max_length=12)
    serial = models.PositiveIntegerField()
    secret = EncryptedBytesField()
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "number"], name="card_number_once"),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(revoked_at__isnull=True), name="card_one_stands"
            ),
        ]


class Letter(models.Model):
    """A letter that confirms a cover: its statements, and the hash of the code with which others verify it.

    The PDF itself is a stored file that the letter owns.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    market = models.CharField(max_length=8)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="letters")
    number = models.CharField(max_length=16)
    code_hash = models.BinaryField(max_length=32, unique=True)
    language = models.CharField(max_length=12)
    says = EncryptedJSONField()
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "number"], name="letter_number_once")]


class LookQuerySet(models.QuerySet["Look"]):
    """Queries for looks."""

    def with_code_elsewhere(self, code: bytes, place: bytes) -> Self:
        """Checks of the same code from networks other than this one."""
        return self.filter(code_hash=code).exclude(place=place)


class Look(models.Model):
    """Somebody checked a card or a letter. The member may see when and with what (`looker`); nobody may see who.

    `outcome` is a `LookOutcome`: "limited" if the code was valid but got no answer, because of too many checks.

    `code_hash` identifies the checked code, and `place`, a keyed digest, the caller's network; both can only be
    compared for equality. The same code from the same place counts once a minute.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="looks")
    use = models.CharField(max_length=8)
    outcome = models.CharField(max_length=12)
    looker = models.CharField(max_length=8, blank=True, db_default="")
    code_hash = models.BinaryField(max_length=16)
    place = models.BinaryField(max_length=8)
    minute = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    objects = LookQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code_hash", "place", "minute"], name="look_once_a_minute")]
        indexes = [models.Index(fields=["membership", "-at"], name="look_newest"), models.Index(fields=["at"])]


def minute_of(moment: datetime) -> datetime:
    """The minute that contains a moment."""
    return moment.replace(second=0, microsecond=0)
