"""The journey that adds a bank account: the details, then a code. The same in every market.

Payments to a stranger's account are what a thief of a session would want. So it requires a second factor, and the
password too unless the member has just signed in (OWASP ASVS 5.0: 7.5.1, 7.5.3).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.definitions.answers import ENTRY, Answers, Facts, FieldError, Json, clean_of, facts_of
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, Walk
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Channel
from mypolis.insurance.bank_accounts.banks import bank_name
from mypolis.insurance.bank_accounts.flows import AlreadyAdded, TooManyAccounts, add, require_new
from mypolis.insurance.bank_accounts.forms import bank_account_form, read_account
from mypolis.insurance.bank_accounts.holders import is_another_name
from mypolis.insurance.bank_accounts.numbers.account_number import AccountNumber
from mypolis.insurance.bank_accounts.returning import RETURN_TO, address_before, go_back
from mypolis.membership.accounts.codes import authenticators
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.accounts.models import Account, Device
from mypolis.membership.accounts.presenters import account_document
from mypolis.membership.accounts.security.flows import WrongPassword, prove
from mypolis.membership.signin.contact_changes import CHANGED, mark_of, member_of, proving_contact

DETAILS = "bank-account"
FRESH = timedelta(minutes=15)
_PROOFS: tuple[Channel, ...] = ("sms", "email")  # the best first
_DOUBTS = {
    "unusual_length": _("Numbers of this bank usually have another length."),
    "looks_like_phone": _("This looks like a phone number. We can pay to bank accounts only, not to wallets."),
}
_ANOTHER_NAME = _("The holder’s name differs from yours on file. That is fine if the account is yours.")


def bank_account(profile: Profile, channels: frozenset[Channel]) -> Definition:
    """The journey of a market that sends codes by these channels."""
    proofs = tuple(channel for channel in _PROOFS if channel in channels)
    title = _("Where we pay your claims")
    return Definition(
        market=profile.code,
        kind="bank-account",
        for_members=True,
        title=title,
        no_match=CHANGED,
        steps=(
            Step(
                name=DETAILS,
                form=bank_account_form(profile),
                title=title,
                help=_("Your own bank account. You enter it once, and choose it for every claim."),
                button=_("Continue"),
                template="bank_accounts/details.html",
                shows=_way_back,
                check=_check(proofs),
                still_true=lambda walk: walk.fact(DETAILS, "mark") == mark_of(member_of(walk)),
                knows=channels,
            ),
            *_code_steps(proofs),
        ),
        begin=_begin,
        finish=_finish,
        last_template="bank_accounts/saved.html",
    )


def _begin(walk: Walk, entry: Facts) -> Facts:
    """Store the session's device, whether the member has just signed in, and where to go afterwards."""
    device = Device.objects.filter(pk=_key(entry.get("session"))).first()
    signed_in_at = device.signed_in_at if device else None
    is_fresh = signed_in_at is not None and timezone.now() - signed_in_at < FRESH
    return {"device": entry.get("session"), "is_fresh": is_fresh, RETURN_TO: entry.get(RETURN_TO)}


def _key(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _check(proofs: tuple[Channel, ...]) -> Callable[[Walk, Facts], Facts]:
    """Check the password if it was asked for, and that the account is new. Returns where the code goes."""

    def check(walk: Walk, clean: Facts) -> Facts:
        account, device = member_of(walk), walk.row(ENTRY, "device")
        if "password" in clean:
            try:
                prove(account, str(clean["password"]), device=device, by=walk.by)
            except WrongPassword:
                raise Refused(FieldError("password", "wrong", _("This is not your current password."))) from None
        try:
            require_new(account, _number(walk.profile, clean))
        except AlreadyAdded:
            raise Refused(_already_added()) from None
        except TooManyAccounts:
            raise Refused(_too_many()) from None
        channel, to = proving_contact(account, proofs)
        if channel is None:
            text = _("We have no email address or mobile number to which we could send a code. Please add one first.")
            raise Refused(FieldError("", "no_contact", text))
        app = authenticators.of(account) is not None
        where: Facts = {"channel": channel, "to": to, "app": app}
        return {"account": account.pk, "mark": mark_of(account), "device": device, **where}

    return check


def _code_steps(proofs: tuple[Channel, ...]) -> Iterator[Step]:
    """A step for each channel, of which the member gets one. It reads the account back before it is saved."""
    for channel in proofs:
        step = code_step(
            channel=channel,
            target=_contact,
            asked=_goes_by(channel),
            app=_account_with_app,
            button=_("Save the account"),
        )
        yield replace(step, template="bank_accounts/code.html", shows=_read_back)


def _goes_by(channel: Channel) -> Callable[[Answers], bool]:
    def asked(answers: Answers) -> bool:
        return facts_of(answers, DETAILS).get("channel") == channel

    return asked


def _contact(answers: Answers) -> Target:
    """The code goes to a current contact point. Its tries are counted together with those of sign-in codes."""
    facts = facts_of(answers, DETAILS)
    to, subject, device = str(facts.get("to") or ""), f"account:{facts.get('account')}", _key(facts.get("device"))
    return Target(to or None, subject, shown=to, device=device or None, proof="password", opens=subject)


def _account_with_app(answers: Answers) -> int | None:
    facts = facts_of(answers, DETAILS)
    account = facts.get("account")
    return account if facts.get("app") and isinstance(account, int) else None


def _way_back(walk: Walk) -> Facts:
    """The page from which the member came, or ""."""
    return {"back_url": address_before(str(walk.entry(RETURN_TO) or ""), walk.profile.code)}


def _read_back(walk: Walk) -> Facts:
    """The account as it will be saved: the number in groups, the bank, the holder, and what the member should check."""
    clean = clean_of(walk.answers, DETAILS)
    number, holder = _number(walk.profile, clean), str(clean["holder"])
    notes = [str(_DOUBTS[doubt]) for doubt in number.doubts]
    if is_another_name(holder, member_of(walk).person):
        notes.append(str(_ANOTHER_NAME))
    bank = bank_name(number.kind, number.bank)
    return {"number": number.grouped, "bank": bank, "holder": holder, "notes": " ".join(notes)}


def _finish(walk: Walk) -> Outcome:
    account: Account = member_of(walk, lock=True)
    if walk.fact(DETAILS, "mark") != mark_of(account):
        raise Refused(FieldError("", "changed", CHANGED))
    clean = clean_of(walk.answers, DETAILS)
    try:
        added = add(account=account, number=_number(walk.profile, clean), holder=str(clean["holder"]), by=walk.by)
    except AlreadyAdded:
        raise Refused(_already_added()) from None
    except TooManyAccounts:
        raise Refused(_too_many()) from None
    return Outcome(
        result={"account": account_document(account)},
        title=_("Your bank account is saved"),
        text=format_lazy(
            _("From now on we pay your claims to {shown}. We have told you by message, too."), shown=added.shown
        ),
        shows={"bank_account": str(added.pk), **added.as_shown},
        then=go_back(str(walk.entry(RETURN_TO) or ""), account=account, added=added, by=walk.by),
    )


def _number(profile: Profile, clean: Facts) -> AccountNumber:
    return read_account(profile.claims.account_kinds, clean)


def _already_added() -> FieldError:
    return FieldError("account_number", "same", _("This account is on your list already."))


def _too_many() -> FieldError:
    return FieldError(
        "", "too_many", _("Your list is full. Remove an account that you no longer use, then add this one.")
    )
