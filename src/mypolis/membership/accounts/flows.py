"""Accounts: opened once all is proven, changed by who holds them. Every writer here records its event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.kinds import Kind
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token, new_written_token
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.markets.profile import Channel, ContactKind
from mypolis.foundation.notices import flows as notices
from mypolis.foundation.notices.catalogue import CATALOGUE
from mypolis.membership.accounts.devices import sign_out_everywhere
from mypolis.membership.accounts.models import (
    Account,
    ContactPoint,
    EmailConfirmation,
    TemporaryPassword,
    Username,
    contact_key,
)
from mypolis.membership.accounts.notice_caps import may_recover, may_tell
from mypolis.membership.accounts.passwords.password_rules import hash_password
from mypolis.membership.people.models import Person


class AlreadyRegistered(Exception):
    """The person has an account."""


class ContactTaken(Exception):
    """Another account holds this confirmed contact point."""

    def __init__(self, kind: ContactKind) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class NewContact:
    """A contact point for an account; `confirmed` when possession was proven, or the insurer had it on file."""

    kind: ContactKind
    value: str
    confirmed: bool


@transaction.atomic
def create_account(
    *,
    person: Person,
    password_hash: str,
    language: str,
    contacts: Sequence[NewContact],
    by: Actor,
    username: str | None = None,
) -> Account:
    """Open the account of a person. Raises AlreadyRegistered or ContactTaken; the database decides every race."""
    account = Account(market=person.market, person=person, password_hash=password_hash, language=language)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise AlreadyRegistered from None
    member = by.as_member(account.pk)
    record(Kind.ACCOUNT_CREATED, market=account.market, by=member, subject=account)
    for contact in contacts:
        add_contact(account=account, contact=contact, by=member)
    if username is not None:
        names = Username.objects.filter(market=account.market, value=username, account=None)
        if not names.update(account=account):
            raise RuntimeError("the username was not reserved")
    return account


@transaction.atomic
def add_contact(*, account: Account, contact: NewContact, by: Actor) -> ContactPoint:
    """Give an account a contact point. Raises ContactTaken."""
    point = ContactPoint(
        account=account,
        market=account.market,
        kind=contact.kind,
        value=contact.value,
        key=contact_key(contact.kind, contact.value),
        exclusive=contact.kind in account.profile.exclusive_contacts,
        confirmed_at=timezone.now() if contact.confirmed else None,
    )
    try:
        with transaction.atomic():
            point.save(force_insert=True)
    except IntegrityError:
        raise ContactTaken(contact.kind) from None
    record(Kind.CONTACT_ADDED, market=account.market, by=by, subject=point, confirmed=contact.confirmed)
    return point


@transaction.atomic
def change_contact(*, account: Account, contact: NewContact, by: Actor) -> None:
    """Put a proven contact point in the place of the account's own of that kind. Raises ContactTaken.

    The member is told at the old one and at the account's other one, as far as mail may go there. Temporary passwords
    that went to an old e-mail address die. The same one again is confirmed, and nothing else happens.
    """
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)  # sign-ins and recoveries look under this lock
    points = {point.kind: point for point in account.contact_points.all()}
    point, key = points.get(contact.kind), contact_key(contact.kind, contact.value)
    told = _reached_at(points.values())
    if point is None:
        add_contact(account=account, contact=contact, by=by)
    else:
        is_another, point.value, point.key = point.key != key, contact.value, key
        point.confirmed_at, point.undeliverable_since = timezone.now(), None
        try:
            with transaction.atomic():
                point.save(update_fields=["value", "key", "confirmed_at", "undeliverable_since"])
        except IntegrityError:
            raise ContactTaken(contact.kind) from None
        kind = Kind.CONTACT_CHANGED if is_another else Kind.CONTACT_CONFIRMED
        record(kind, market=account.market, by=by, subject=point)
        if not is_another:
            return
    if contact.kind == "email":
        account.temporary_passwords.filter(used_at=None).update(used_at=timezone.now())
    _tell_at(told, account, "contact-changed", by=by)


def tell_everywhere(account: Account, template: str, *, by: Actor) -> None:
    """Tell of what concerns the safety of the account wherever the member is reached."""
    _tell_at(_reached_at(account.contact_points.all()), account, template, by=by)


def _reached_at(points: Iterable[ContactPoint]) -> list[tuple[Channel, str]]:
    """Every mobile, and e-mail addresses that mail may go to."""
    return [
        ("email" if point.kind == "email" else "sms", point.value)
        for point in points
        if point.kind == "mobile" or point.may_get_mail
    ]


def _tell_at(places: Sequence[tuple[Channel, str]], account: Account, template: str, *, by: Actor) -> None:
    if not places or not may_tell(account, template, by=by):
        return
    for channel, to in places:
        notices.send(
            market=account.market,
            channel=channel,
            to=to,
            template=template,
            language=account.language,
            context={},
            by=by,
        )


def holder_of(market: str, kind: ContactKind, value: str) -> Account | None:
    """The account that holds a confirmed, exclusive contact point; None when it is free."""
    points = ContactPoint.objects.filter(
        market=market, kind=kind, key=contact_key(kind, value), exclusive=True, confirmed_at__isnull=False
    )
    point = points.select_related("account").first()
    return point.account if point else None


@transaction.atomic
def change_password(*, account: Account, password_hash: str, by: Actor) -> None:
    """Set a new password: every session ends, every temporary password dies, the member is told."""
    account.password_hash = password_hash
    account.save(update_fields=["password_hash"])
    account.temporary_passwords.filter(used_at=None).update(used_at=timezone.now())
    sign_out_everywhere(account=account)
    record(Kind.ACCOUNT_PASSWORD_CHANGED, market=account.market, by=by, subject=account)
    tell(account, "password-changed", {}, by=by)


@transaction.atomic
def choose_language(*, account: Account, language: str, by: Actor) -> None:
    """From now on the member's messages are in this language of the market."""
    if language == account.language:
        return
    account.language = language
    account.save(update_fields=["language"])
    record(Kind.ACCOUNT_LANGUAGE_CHOSEN, market=account.market, by=by.as_member(account.pk), subject=account)


def rehash(*, account: Account, password: str) -> None:
    """Store the same password under today's parameters; at sign-in, when it is at hand. Nothing else changes."""
    before, account.password_hash = account.password_hash, hash_password(password)
    Account.objects.filter(pk=account.pk, password_hash=before).update(password_hash=account.password_hash)


@transaction.atomic
def send_temporary_password(
    *, account: Account | None, market: str, language: str, by: Actor, device: int | None = None
) -> None:
    """Mail a temporary password to the account's address; the old password keeps working.

    Earlier ones die, but none that was asked for on the known `device`, or on another: a stranger must not end them.
    Without an account, and once the day's mails are sent, the same is done for nobody, row by row, so that it takes as
    long.
    """
    if not may_recover(account, "temporary-password", device=device, market=market, by=by):
        account = None
    life = profile_of(market).temporary_password_life
    secret, now = new_temporary_password(), timezone.now()
    digest = keyring.current().digest(secret, purpose="temporary-password")
    earlier = TemporaryPassword.objects.filter(account_id=_pk(account), asked_on=device, used_at=None)
    earlier.update(used_at=now)
    TemporaryPassword.objects.create(account=account, asked_on=device, digest=digest, expires_at=now + life)
    record(Kind.ACCOUNT_TEMPORARY_PASSWORD_SENT, market=market, by=by, subject=account)
    context: dict[str, str | int] = {"password": secret, "minutes": round(life.total_seconds() / 60)}
    _mail_quietly(account, "temporary-password", context, market=market, language=language, by=by)


@transaction.atomic
def send_username(*, account: Account | None, market: str, language: str, by: Actor) -> None:
    """Mail the username to the account's address; without an account, or a mail left, the same is done for nobody."""
    if not may_recover(account, "username", device=None, market=market, by=by):
        account = None
    record(Kind.ACCOUNT_USERNAME_SENT, market=market, by=by, subject=account)
    newest = Username.objects.filter(account=_pk(account)).values_list("value", flat=True).first()
    context = {"username": newest or ""}
    _mail_quietly(account, "username", context, market=market, language=language, by=by)


def _mail_quietly(
    account: Account | None, template: str, context: Mapping[str, str | int], *, market: str, language: str, by: Actor
) -> None:
    """Mail to the account's address, else to nobody: a stranger must not see which."""
    points = ContactPoint.objects.filter(account=_pk(account), kind="email", confirmed_at__isnull=False)
    to = points.values_list("value", flat=True).first()
    notices.send(
        market=market,
        channel="email",
        to=to,
        template=template,
        language=account.language if account is not None else language,
        context={**context, "signin_url": address_of_page(market, "signin")},
        by=by,
        urgent=True,
    )


def find_temporary(account: Account | None, typed: str, now: datetime) -> TemporaryPassword | None:
    """The unused temporary password that was typed, if it is one; asks as much where there is no account."""
    digests = keyring.current().digests(typed.strip(), purpose="temporary-password")
    standing = TemporaryPassword.objects.filter(used_at=None, expires_at__gt=now)
    return standing.filter(account_id=_pk(account), digest__in=digests).first()


@transaction.atomic
def ask_to_confirm(*, point: ContactPoint, name: str, by: Actor) -> None:
    """Send the link that confirms an e-mail address: the only mail that an unconfirmed one ever gets."""
    account = point.account
    token = new_token()
    EmailConfirmation.objects.create(
        contact_point=point,
        key=point.key,
        token_hash=hash_token(token),
    )
    notices.send(
        market=account.market,
        channel="email",
        to=point.value,
        template="confirm-email",
        language=account.language,
        context={"name": name, "url": address_of_page(account.market, "e", token)},
        by=by,
    )


def find_confirmation(token: str, *, market: str) -> EmailConfirmation | None:
    """The confirmation behind a link of this market, used or not."""
    rows = EmailConfirmation.objects.select_related("contact_point__account")
    return rows.filter(token_hash=hash_token(token), contact_point__market=market).first()


@transaction.atomic
def confirm_email(*, confirmation: EmailConfirmation, by: Actor) -> bool:
    """Confirm the address, once; False when the link is used, over, or for an address that no longer stands.

    Raises ContactTaken when another account confirmed the same address first.
    """
    now = timezone.now()
    fresh = EmailConfirmation.objects.filter(pk=confirmation.pk, used_at=None).update(used_at=now)
    point = ContactPoint.objects.select_for_update().get(pk=confirmation.contact_point_id)
    if not fresh or point.key != confirmation.key:
        return False
    point.confirmed_at = point.confirmed_at if point.confirmed_at and not point.undeliverable_since else now
    point.undeliverable_since = None
    try:
        with transaction.atomic():
            point.save(update_fields=["confirmed_at", "undeliverable_since"])
    except IntegrityError:
        raise ContactTaken("email") from None
    record(Kind.CONTACT_CONFIRMED, market=point.market, by=by, subject=point)
    return True


def tell(account: Account, template: str, context: dict[str, str | int], *, by: Actor) -> None:
    """A service message to the member: by e-mail where the address is confirmed, else by SMS if it has a short form."""
    address, mobile = account.mailable_address, account.contact("mobile")
    may_be_short = "sms" in CATALOGUE[template].channels
    to = address or (mobile.value if mobile and may_be_short else None)
    if to is None or not may_tell(account, template, by=by):
        return
    notices.send(
        market=account.market,
        channel="email" if address else "sms",
        to=to,
        template=template,
        language=account.language,
        context={**context},
        by=by,
    )


def address_of_page(market: str, *parts: str) -> str:
    """The public address of a page of a market, for links in messages."""
    tail = "/".join(parts) + ("" if len(parts) > 1 else "/")
    return f"{settings.MYPOLIS.public_url}/{profile_of(market).code}/{tail}"


def _pk(account: Account | None) -> int:
    """The account's key; 0, which none has, so that a stranger costs the same question."""
    return account.pk if account is not None else 0


def new_temporary_password() -> str:
    """Four groups of four signs without look-alikes: 79 bits."""
    return new_written_token()
