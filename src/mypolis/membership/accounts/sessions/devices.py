"""Recognises devices and signs them in and out. Page sessions and API tokens are stored in the same rows."""

from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone, translation

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.journeys.definitions.outcomes import Grant
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.lib.device_names import name_of_client
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, place
from mypolis.foundation.lib.postgres.prepared_writes import insert, update
from mypolis.foundation.notices import flows as notices
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.messages import may_notify
from mypolis.membership.accounts.models import Account, Device

_KNOWN_BY = Prepared(
    lambda: Device.objects.filter(recognition_hash=place("token_hash"), account__market=place("market"))
)
_SIGNED_IN_BY = Prepared(
    lambda: (
        Device.objects.signed_in(place("now"))
        .filter(session_hash=place("token_hash"), account__market=place("market"), account__locked_at=None)
        .select_related("account__person")
    )
)
_OF_ACCOUNT = Prepared(lambda: Device.objects.filter(account=place("account")))
_SEEN_EVERY_SECONDS = 60
_AT_A_TIME = 500
_SIGNED_IN = (
    "recognition_hash", "session_hash", "client", "address", "signed_in_at", "last_seen_at", "idle_until", "ends_at",
)  # fmt: skip
# A random digest for each row, which belongs to no token.
_NOBODY_KNOWS = RawSQL("sha256(convert_to(gen_random_uuid()::text, 'UTF8'))", ())


def recognise(token: str, *, market: str) -> Device | None:
    """The device with this device token, signed in or not."""
    if not token:
        return None
    return _KNOWN_BY.first(token_hash=hash_token(token), market=market)


@transaction.atomic(savepoint=False)
def sign_in(*, account: Account, known: Device | None, by: Actor, is_new: bool = False) -> Grant:
    """Open a session on a device, with a new token even if a session was active. Tells the member of a new device.

    `is_new` says that the account was opened in this transaction: it has no other device.
    """
    now = timezone.now()
    profile = account.profile
    session, recognition = new_token(), new_token()
    device = known or Device(account=account)
    is_another = known is None and not is_new and _OF_ACCOUNT.exists(account=account.pk)
    device.recognition_hash = hash_token(recognition)
    device.session_hash = hash_token(session)
    device.client, device.address = by.client, by.address or None
    device.signed_in_at = device.last_seen_at = now
    device.idle_until, device.ends_at = now + profile.session_idle, now + profile.session_absolute
    if known is None:
        insert(device)
    else:
        update(device, _SIGNED_IN)
    member = by.as_member(account.pk)
    record(AccountEvent.ACCOUNT_SIGNED_IN, market=account.market, by=member, subject=account, device=device.pk)
    if is_another:
        _notify_of_new_device(account, member)
    return Grant(session, recognition)


def holder_of_session(token: str, *, market: str) -> Device | None:
    """The signed-in device with this session token in this market. Resets the idle timeout of the session.

    A locked account has no session, whatever its rows say.
    """
    now = timezone.now()
    device = _SIGNED_IN_BY.first(now=now, token_hash=hash_token(token), market=market) if token else None
    if device is not None and (now - (device.last_seen_at or now)).total_seconds() > _SEEN_EVERY_SECONDS:
        device.last_seen_at, device.idle_until = now, now + device.account.profile.session_idle
        device.save(update_fields=["last_seen_at", "idle_until"])
    return device


@transaction.atomic(savepoint=False)
def sign_out(*, device: Device, by: Actor) -> None:
    """End the session of a device. The device stays known."""
    device.session_hash = None
    device.save(update_fields=["session_hash"])
    record(
        AccountEvent.ACCOUNT_SIGNED_OUT, market=device.account.market, by=by, subject=device.account, device=device.pk
    )


def sign_out_everywhere(*, account: Account) -> None:
    """End every session of an account after a password change, inside the caller's transaction."""
    account.devices.filter(session_hash__isnull=False).update(session_hash=None)


def forget(device: Device) -> None:
    """Forget a device, so that the next sign-in there asks for a code."""
    device.recognition_hash = hash_token(new_token())
    device.save(update_fields=["recognition_hash"])


def forget_others(*, account: Account, kept: int | None) -> None:
    """Forget every device of an account but one after password recovery, inside the caller's transaction.

    An attacker may still have a known device, which would sign in without a code.
    """
    account.devices.exclude(pk=kept or 0).update(recognition_hash=_NOBODY_KNOWS)


@transaction.atomic
def sign_out_and_forget(*, account: Account, by: Actor) -> int:
    """End every session of a member and forget all their devices. Returns how many sessions were active."""
    active = account.devices.signed_in(timezone.now()).count()
    for device in account.devices.select_for_update().order_by("pk"):
        forget(device)
        sign_out(device=device, by=by)
    return active


def sign_everybody_out(*, market: str, by: Actor) -> int:
    """End every active session in a market. Returns how many there were. The devices stay known.

    Works in batches, with one event per session. After an interruption, a new run continues with the rest.
    """
    now, ended = timezone.now(), 0
    active = Device.objects.signed_in(now).filter(account__market=market, signed_in_at__lte=now)
    while True:
        with transaction.atomic():
            some = list(active.select_for_update(of=("self",)).select_related("account").order_by("pk")[:_AT_A_TIME])
            for device in some:
                sign_out(device=device, by=by)
        if not some:
            return ended
        ended += len(some)


def _notify_of_new_device(account: Account, by: Actor) -> None:
    if not may_notify(account, "new-device", by=by):
        return
    address = account.mailable_address
    mobile = account.contact("mobile")
    with translation.override(account.language):
        client = name_of_client(by.client)
    context = {"when": timezone.now().isoformat(timespec="minutes"), "client": client}
    for channel, to in (("email", address), ("sms", mobile.value if mobile and not address else None)):
        if to:
            notices.send(
                market=account.market,
                channel=channel,  # type: ignore[arg-type]
                to=to,
                template="new-device",
                language=account.language,
                context=context,
                by=by,
                whose=notices.row_name(account),
            )
