"""Sign-in for every market: a name and a password, then a code if the profile requires one."""

import hashlib
from collections.abc import Callable

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events.flows import record
from mypolis.foundation.factors.passwords.password_rules import needs_rehash, verify_password
from mypolis.foundation.guards.flows import Use, of_address, require_left, spend_failures
from mypolis.foundation.journeys.definitions.answers import ENTRY, Answers, Facts, FieldError, facts_of
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, StepForm, Walk
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, place
from mypolis.foundation.lib.text.folding import fold_username
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Channel, ContactKind
from mypolis.foundation.web.form_fields.fields import EmailField, MobileField, PasswordField, UsernameField
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.accounts.forms import NewPasswordForm, hashed
from mypolis.membership.accounts.limits import PASSWORD_TRIES
from mypolis.membership.accounts.models import Account, Authenticator, ContactPoint, Device, Username, contact_key
from mypolis.membership.accounts.passwords.flows import change_password, rehash
from mypolis.membership.accounts.passwords.temporary_passwords import find_temporary
from mypolis.membership.accounts.presenters import account_document
from mypolis.membership.accounts.sessions.devices import forget_others, recognise, sign_in
from mypolis.membership.accounts.usernames.generated_usernames import accepted_usernames, old_names_since
from mypolis.membership.signin.event_kinds import SigninEvent
from mypolis.membership.signin.limits import PASSWORDS_PER_ADDRESS, PASSWORDS_PER_JOURNEY
from mypolis.membership.signin.locked_accounts import refuse_locked

_BY_USERNAME = Prepared(
    lambda: Account.objects.filter(
        pk__in=accepted_usernames(place("since")).filter(market=place("market"), value=place("value")).values("account")
    )
)
_BY_CONTACT = Prepared(
    lambda: Account.objects.filter(
        pk__in=ContactPoint.objects.filter(
            market=place("market"), kind=place("kind"), key=place("key"), exclusive=True, confirmed_at__isnull=False
        ).values("account")
    )
)
_KNOWN = Prepared(
    lambda: Device.objects.filter(pk=place("device"), account=place("account"), recognition_hash=place("mark"))
)
_KNOWN_LOCKED = Prepared(
    lambda: (
        Device.objects.filter(pk=place("device"), account=place("account"), recognition_hash=place("mark"))
        .annotate(newest_username=_newest_username("account"))
        .select_for_update(of=("account",))
        .select_related("account__person")
    )
)
_LOCKED = Prepared(
    lambda: (
        Account.objects.filter(pk=place("account"))
        .annotate(newest_username=_newest_username("pk"))
        .select_for_update(of=("self",))
        .select_related("person")
    )
)
_CONTACTS = Prepared(lambda: ContactPoint.objects.filter(account=place("account")).order_by("pk"))


def _newest_username(account: str) -> Subquery:
    return Subquery(Username.objects.filter(account=OuterRef(account)).values("value")[:1])


def signin(profile: Profile) -> Definition:
    """The sign-in journey of a market, as its profile describes it."""
    kind = profile.signin
    return Definition(
        market=profile.code,
        kind="signin",
        title=_("Sign in"),
        steps=(
            Step(
                name="credentials",
                form=credentials_form(profile),
                title=_("Sign in"),
                button=_("Sign in"),
                check=check_credentials,
                knows=frozenset({kind.code_by}),
            ),
            code_step(
                channel=kind.code_by,
                target=contact_of_account(kind.code_by),
                asked=asks_code(always=kind.code_when == "always"),
                app=account_with_app if kind.apps else None,
                button=_("Sign in"),
            ),
            Step(
                name="new-password",
                form=NewPasswordForm,
                title=_("Choose a new password"),
                help=_("You signed in with a temporary password. Now choose your own."),
                button=_("Save password"),
                asked=used_temporary,
                check=hashed,
            ),
        ),
        begin=begin_on_device,
        finish=finish,
    )


def credentials_form(profile: Profile) -> type[StepForm]:
    """The first page's form: the name that this market's members type, and the password."""
    fields: dict[str, EmailField | MobileField | UsernameField | PasswordField] = {}
    match profile.signin.name:
        case "email":
            fields["email"] = EmailField(label=_("Email"), autocomplete="username")
        case "mobile":
            fields["mobile"] = MobileField(region=profile.region, label=_("Mobile phone"), autocomplete="username")
        case "username":
            fields["username"] = UsernameField(label=_("Username"))
    fields["password"] = PasswordField(label=_("Password"))
    return type("CredentialsForm", (StepForm,), dict(fields))


def begin_on_device(walk: Walk, entry: Facts) -> Facts:
    """Store the member's device on which the journey began, if it is known, and the token that identified it."""
    device = recognise(str(entry.get("device") or ""), market=walk.journey.market)
    if device is None:
        return {}
    mark = bytes(device.recognition_hash).hex()
    return {"device": device.pk, "device_account": device.account_id, "device_mark": mark}


def check_credentials(walk: Walk, clean: Facts) -> Facts:
    """Check name and password. Computes exactly one hash, with or without an account. Every failure looks the same."""
    market = walk.journey.market
    kind = walk.profile.signin.name
    name = str(clean[kind])
    account = find_account(market, kind, name)
    device = known_device(walk, account.pk if account else None)
    counted = f"{contact_key('email', name)}:{device or 'unknown'}"
    tries: list[Use] = [(PASSWORD_TRIES, counted)]
    failures = _failures_of(walk, device)
    require_left([*failures, *tries], market=market)
    password = str(clean["password"])
    right = verify_password(password, account.password_hash if account else None)
    temporary = None if right else find_temporary(account, password, timezone.now())
    is_refused = account is None or not (right or temporary)
    # Earlier tries stay counted: a stranger would notice a reset.
    spend_failures([*tries, *failures] if is_refused else tries, failed=is_refused, market=market)
    if account is None or is_refused:
        record(SigninEvent.SIGNIN_REFUSED, market=market, by=walk.by, subject=account)
        message = _("These details are not right. Please check them, or ask for a new password.")
        raise Refused(FieldError("", "bad_credentials", message))
    if right and needs_rehash(account.password_hash):
        rehash(account=account, password=password)
    found: Facts = {
        "account": account.pk,
        "password": mark_of(account.password_hash),
        "device": device,
        "temporary": temporary.pk if temporary and not right else None,
    }
    if walk.profile.signin.code_when == "new-device" and device is not None:
        return found
    contacts = {point.kind: point for point in _CONTACTS.all(account=account.pk)}
    email, mobile = contacts.get("email"), contacts.get("mobile")
    if walk.profile.signin.apps:
        found["app"] = Authenticator.objects.filter(account=account).exists()
    return found | {
        "email": email.value if email and email.confirmed_at else None,
        "mobile": mobile.value if mobile else None,
    }


def _failures_of(walk: Walk, device: int | None) -> list[Use]:
    """Further limits that count wrong passwords: the journey and, unless the device is known, the network address.

    Only failures count, so a shared network does not block people who know their password. A known device can try
    only its own account, so failures of others at the same address do not affect it.
    """
    uses = [(PASSWORDS_PER_JOURNEY, str(walk.journey.pk))]
    return uses if device is not None else [*uses, of_address(PASSWORDS_PER_ADDRESS, walk.by.address)]


def mark_of(password_hash: str) -> str:
    """A fingerprint that shows whether the password has changed, without containing it."""
    return hashlib.sha256(password_hash.encode()).hexdigest()


def find_account(market: str, kind: str, name: str) -> Account | None:
    """The account that signs in by this name, or None. Runs one query in both cases."""
    if kind == "username":
        return _BY_USERNAME.first(market=market, value=fold_username(name), since=old_names_since(market))
    return _BY_CONTACT.first(market=market, kind=kind, key=contact_key("email" if kind == "email" else "mobile", name))


def accounts_named(market: str, kind: str, name: str) -> QuerySet[Account]:
    """A lazy query for the account that signs in by this name; at most one row."""
    accounts = Account.objects.filter(market=market)
    if kind == "username":
        names = accepted_usernames(old_names_since(market)).filter(market=market, value=fold_username(name))
        return accounts.filter(pk__in=names.values("account"))
    contact: ContactKind = "email" if kind == "email" else "mobile"
    points = ContactPoint.objects.filter(market=market, kind=contact, key=contact_key(contact, name))
    return accounts.filter(pk__in=points.filter(exclusive=True, confirmed_at__isnull=False).values("account"))


def known_device(walk: Walk, account: int | None) -> int | None:
    """The primary key of the journey's device, if it belongs to this account and is still known.

    The member may have forgotten the device since the journey began. A journey that begins in this request needs no
    such check.
    """
    if account is None or walk.entry("device_account") != account:
        return None
    device = walk.row(ENTRY, "device")
    is_known = walk.journey._state.adding or _KNOWN.exists(device=device, account=account, mark=_mark_of_device(walk))
    return device if is_known else None


def _mark_of_device(walk: Walk) -> bytes:
    """The digest of the token that identified the device when the journey began."""
    return bytes.fromhex(str(walk.entry("device_mark") or ""))


def contact_of_account(channel: Channel) -> Callable[[Answers], Target]:
    """The target of the sign-in code: the account's confirmed e-mail, or its mobile."""

    def target(answers: Answers) -> Target:
        facts = facts_of(answers, "credentials")
        to = str(facts.get("email" if channel == "email" else "mobile") or "")
        device = facts.get("device")
        known = device if isinstance(device, int) else None
        subject = f"account:{facts.get('account')}"
        return Target(to or None, subject, shown=to, device=known, proof="password", opens=subject)

    return target


def asks_code(*, always: bool) -> Callable[[Answers], bool]:
    """Whether a code is required: always, or only on an unknown device."""

    def asked(answers: Answers) -> bool:
        return always or facts_of(answers, "credentials").get("device") is None

    return asked


def account_with_app(answers: Answers) -> int | None:
    """The account, if a code of its authenticator app is accepted."""
    facts = facts_of(answers, "credentials")
    account = facts.get("account")
    return account if facts.get("app") and isinstance(account, int) else None


def used_temporary(answers: Answers) -> bool:
    """Whether the person used a temporary password."""
    return facts_of(answers, "credentials").get("temporary") is not None


def account_and_device(walk: Walk) -> tuple[Account, Device | None]:
    """The account whose name and password were right, and the device if it is still known, loaded together.

    The account is locked, so that nobody changes its contact points meanwhile.
    """
    account_id, device_id = walk.row("credentials", "account"), walk.row("credentials", "device")
    mark = _mark_of_device(walk)
    device = _KNOWN_LOCKED.first(device=device_id, account=account_id, mark=mark) if device_id else None
    account = device.account if device else _LOCKED.first(account=account_id)
    if account is None:
        raise Account.DoesNotExist
    newest = (device or account).newest_username  # type: ignore[union-attr]  # both queries annotate it
    account.know(_CONTACTS.all(account=account.pk), newest)
    return account, device


def finish(walk: Walk) -> Outcome:
    """Open the session if the sign-in's facts are still true. Setting the new password uses up a temporary password."""
    account, known = account_and_device(walk)
    lost_device = known is None and walk.fact("credentials", "device") is not None
    is_changed = walk.fact("credentials", "password") != mark_of(account.password_hash)
    if lost_device or is_changed or _contact_changed(walk, account):
        raise Refused(
            FieldError("", "bad_credentials", _("Something has changed in the meantime. Please sign in again."))
        )
    refuse_locked(account)
    temporary = walk.row("credentials", "temporary")
    if temporary:
        _spend_temporary(walk, account, temporary)
        forget_others(account=account, kept=known.pk if known else None)
    grant = sign_in(account=account, known=known, by=walk.by)
    return Outcome(result={"account": account_document(account)}, title=_("You are signed in"), grant=grant)


def _contact_changed(walk: Walk, account: Account) -> bool:
    """Whether the code was sent to a contact point that the account no longer has."""
    asked = asks_code(always=walk.profile.signin.code_when == "always")(walk.answers)
    kind: ContactKind = "email" if walk.profile.signin.code_by == "email" else "mobile"
    point = account.contact(kind)
    return asked and (point is None or point.value != walk.fact("credentials", kind))


def _spend_temporary(walk: Walk, account: Account, temporary: int) -> None:
    now = timezone.now()
    spent = account.temporary_passwords.filter(pk=temporary, used_at=None, expires_at__gt=now).update(used_at=now)
    if not spent:
        message = _("This temporary password is no longer valid. Please ask for a new one.")
        raise Refused(FieldError("", "used", message))
    change_password(account=account, password_hash=str(walk.fact("new-password", "password_hash")), by=walk.by)
