from django.db import models
from django.utils import timezone

from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField

DESK = "desk"


class Holder(models.Model):
    """Somebody who holds factors; their account refers to this row.

    `door` is where the factors open something: "desk", or the code of a market. A factor of one door is refused at any
    other. `handle` is 32 random bytes, which passkeys carry; they are never the key or the address of an account.
    """

    door = models.CharField(max_length=8)
    handle = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    @property
    def market(self) -> str:
        """The market of the events about these factors; empty for the desk, which belongs to none."""
        return "" if self.door == DESK else self.door


class Passkey(models.Model):
    """A key pair on somebody's device; we have the public half.

    `sign_count` is the largest count that the device has told; devices that do not count tell 0 for ever. A count that
    does not grow means that somebody copied the key: `suspect_since`, and it is refused. `backup_eligible` and
    `backed_up` say whether the device may copy, and has copied, the key to its maker's cloud. A removed row stays, so
    that the page can say that the passkey was removed.
    """

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2048)
    sign_count = models.BigIntegerField()
    aaguid = models.CharField(max_length=36)
    transports = models.JSONField(default=list)
    backup_eligible = models.BooleanField()
    backed_up = models.BooleanField()
    name = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    last_client = models.CharField(max_length=200, blank=True)
    suspect_since = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)


class AuthenticatorApp(models.Model):
    """An app that derives six-digit codes from a shared secret and the time (RFC 6238).

    `last_step` is the newest 30-second time step whose code was used. Each code can be used once.
    """

    holder = models.OneToOneField(Holder, on_delete=models.CASCADE, related_name="app")
    secret = EncryptedTextField()
    linked_at = models.DateTimeField(default=timezone.now)
    last_step = models.BigIntegerField()


class RecoveryCode(models.Model):
    """One of ten codes on paper, each good once. 120 random bits, so a plain hash is enough (OWASP ASVS 5.0, 6.5.2)."""

    holder = models.ForeignKey(Holder, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
