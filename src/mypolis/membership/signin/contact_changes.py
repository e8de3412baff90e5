"""Journeys that change a member's e-mail address or mobile.

They require the current password, a code to a current contact point, and a code to the new one: replacing a lost
factor needs the same proof as enrolment (OWASP ASVS 5.0: 6.4.4, 7.5.1). A member who has lost both contact points
must contact the insurer (`mypolis contacts change`).
"""

import hashlib
from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.definitions.answers import ENTRY, Answers, Facts, FieldError, facts_of
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.outcomes import Grant, Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, StepForm, Walk
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Channel, ContactKind, Text
from mypolis.foundation.web.form_fields.fields import EmailField, MobileField, PasswordField
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.accounts.contact_points.contact_list import spelled
from mypolis.membership.accounts.contact_points.flows import ContactTaken, NewContact, change_contact
from mypolis.membership.accounts.forms import refuse_taken, taken
from mypolis.membership.accounts.models import Account, Device, contact_key
from mypolis.membership.accounts.presenters import account_document
from mypolis.membership.accounts.security.flows import WrongPassword, prove
from mypolis.membership.accounts.sessions.devices import forget_others, sign_in, sign_out_everywhere
from mypolis.membership.signin.limits import NEW_CONTACT_CODES
from mypolis.membership.signin.locked_accounts import refuse_locked

CHANGED = _("Something has changed in the meantime. Please start again.")
_CHANNELS: dict[ContactKind, Channel] = {"email": "email", "mobile": "sms"}


def change_email(profile: Profile, *, proofs: tuple[Channel, ...] = ("sms", "email")) -> Definition:
    """The journey that changes the e-mail address. `proofs` are the channels that may prove the member, best first."""
    form = type("EmailForm", (PresentPasswordForm,), {"email": EmailField(label=_("New email address"))})
    title, new_title = _("Change the email address"), _("Enter the code from the new address")
    return _change(profile, "email", form, proofs, title=title, new_title=new_title)


def change_mobile(profile: Profile) -> Definition:
    """The journey that changes the mobile number."""
    field = MobileField(region=profile.region, label=_("New mobile phone"))
    form = type("MobileForm", (PresentPasswordForm,), {"mobile": field})
    title, new_title = _("Change the mobile number"), _("Enter the code from the new number")
    return _change(profile, "mobile", form, ("email", "sms"), title=title, new_title=new_title)


class PresentPasswordForm(StepForm):
    """The member's current password, asked for after the new contact point."""

    password = PasswordField(label=_("Your current password"))
    field_order = ("email", "mobile", "password")


def _change(
    profile: Profile,
    kind: ContactKind,
    form: type[StepForm],
    proofs: tuple[Channel, ...],
    *,
    title: Text,
    new_title: Text,
) -> Definition:
    """Build the journey. `proofs` are in order of preference: the other kind of contact point comes first."""
    return Definition(
        market=profile.code,
        kind=f"change-{kind}",
        for_members=True,
        title=title,
        no_match=CHANGED,
        steps=(
            Step(
                name="identity",
                form=form,
                title=title,
                help=_("One code confirms that it is you, the other that you receive what we send to the new contact."),
                button=_("Continue"),
                check=check_new(kind, proofs),
                still_true=nothing_changed,
                knows=frozenset({*proofs, _CHANNELS[kind]}),
            ),
            *current_contact_codes(proofs),
            code_step(
                name="new-code",
                channel=_CHANNELS[kind],
                target=new_contact(kind),
                entered=is_free(kind),
                title=new_title,
            ),
        ),
        begin=begin_in_session,
        finish=replace_contact(kind),
    )


def begin_in_session(walk: Walk, entry: Facts) -> Facts:
    """Store the device of the session, and ignore the device that the caller names."""
    return {"device": entry.get("session")}


def prove_member(walk: Walk, clean: Facts, proofs: tuple[Channel, ...]) -> Facts:
    """Check the current password. Returns the facts to store about the member. Raises Refused, LimitReached."""
    account, device = member_of(walk), walk.row(ENTRY, "device")
    try:
        prove(account, str(clean["password"]), device=device, by=walk.by)
    except WrongPassword:
        raise Refused(FieldError("password", "wrong", _("This is not your current password."))) from None
    channel, to = proving_contact(account, proofs)
    return {"account": account.pk, "mark": mark_of(account), "device": device, "channel": channel, "to": to}


def current_contact_codes(proofs: tuple[Channel, ...]) -> Iterator[Step]:
    """A step with a code to the current contact point, one for each possible channel."""
    for channel in proofs:
        yield code_step(channel=channel, target=current_contact, asked=proves_by(channel))


def check_new(kind: ContactKind, proofs: tuple[Channel, ...]) -> Callable[[Walk, Facts], Facts]:
    """Check the current password, and that the contact point differs from the current one."""

    def check(walk: Walk, clean: Facts) -> Facts:
        facts = prove_member(walk, clean, proofs)
        account, new = member_of(walk), str(clean[kind])
        point = account.contact(kind)
        if point is not None and point.may_get_mail and point.key == contact_key(kind, new):
            raise Refused(FieldError(kind, "same", _("Your account already has this.")))
        return {**facts, "new": spelled(account, kind, new)}

    return check


def proving_contact(account: Account, proofs: tuple[Channel, ...]) -> tuple[Channel | None, str | None]:
    """The current contact point that proves the member's identity: the first that exists."""
    mobile = account.contact("mobile")
    places: dict[Channel, str | None] = {"email": account.mailable_address, "sms": mobile.value if mobile else None}
    return next(((channel, places[channel]) for channel in proofs if places[channel]), (None, None))


def proves_by(channel: Channel) -> Callable[[Answers], bool]:
    """Whether the code to the current contact point goes through this channel."""

    def asked(answers: Answers) -> bool:
        return facts_of(answers, "identity").get("channel") == channel

    return asked


def current_contact(answers: Answers) -> Target:
    """The code goes to the current contact point. Its tries are counted together with those of sign-in codes."""
    facts = facts_of(answers, "identity")
    to, subject = str(facts.get("to") or ""), f"account:{facts.get('account')}"
    return Target(to or None, subject, shown=to, device=_device(facts), proof="password", opens=subject)


def new_contact(kind: ContactKind) -> Callable[[Answers], Target]:
    """The code goes to the new contact point."""

    def target(answers: Answers) -> Target:
        facts = facts_of(answers, "identity")
        to = str(facts.get("new") or "")
        subject = f"account:{facts.get('account')}"
        return Target(
            to or None,
            subject,
            shown=to,
            device=_device(facts),
            proof="new",
            opens=f"{subject}:new",
            typed=True,
            in_full=True,
            at_most=NEW_CONTACT_CODES,
        )

    return target


def is_free(kind: ContactKind) -> Callable[[Walk], Facts]:
    """After the right code: refuse the contact point if another account holds it."""

    def entered(walk: Walk) -> Facts:
        refuse_taken(walk, member_of(walk).person, [(kind, str(walk.fact("identity", "new")))])
        return {}

    return entered


def nothing_changed(walk: Walk) -> bool:
    """Whether password and contact points are as they were on the first page."""
    return walk.fact("identity", "mark") == mark_of(member_of(walk))


def unchanged_member(walk: Walk) -> Account:
    """The member, locked. Raises Refused when password or contact points changed, or staff locked the account."""
    account = member_of(walk, lock=True)
    refuse_locked(account)
    if walk.fact("identity", "mark") != mark_of(account):
        raise Refused(FieldError("", "changed", CHANGED))
    return account


def sign_out_others(walk: Walk, account: Account) -> Grant:
    """End every session of the member, forget every other device, and sign this device in again.

    The member may have lost a device that knows the password together with the phone or address that they replace.
    """
    sign_out_everywhere(account=account)
    device = Device.objects.filter(pk=walk.row(ENTRY, "device"), account=account).first()
    forget_others(account=account, kept=device.pk if device else None)
    return sign_in(account=account, known=device, by=walk.by)


def replace_contact(kind: ContactKind) -> Callable[[Walk], Outcome]:
    """The end of the journey: replace the contact point, and sign out every other device."""

    def finish(walk: Walk) -> Outcome:
        account = unchanged_member(walk)
        new = NewContact(kind=kind, value=str(walk.fact("identity", "new")), confirmed=True)
        try:
            change_contact(account=account, contact=new, by=walk.by)
        except ContactTaken as error:
            raise taken(walk, error) from None
        return Outcome(
            result={"account": account_document(account)},
            title=_("Your email address has been changed")
            if kind == "email"
            else _("Your mobile number has been changed"),
            text=_changed_text(walk.profile, kind),
            grant=sign_out_others(walk, account),
        )

    return finish


def _changed_text(profile: Profile, kind: ContactKind) -> Text:
    if profile.signin.name == kind:
        return _("Sign in with the new one from now on. All other devices are signed out.")
    return _("From now on we will write to the new one. All other devices are signed out.")


def mark_of(account: Account) -> str:
    """A fingerprint that shows whether password or contact points have changed, without containing them."""
    points = sorted(f"{point.kind}:{point.key}" for point in account.contact_points.all())
    return hashlib.sha256("|".join([account.password_hash, *points]).encode()).hexdigest()


def _device(facts: Facts) -> int | None:
    device = facts.get("device")
    return device if isinstance(device, int) and device else None


def member_of(walk: Walk, *, lock: bool = False) -> Account:
    """The member whose journey this is."""
    accounts = Account.objects.select_related("person")
    return (accounts.select_for_update(of=("self",)) if lock else accounts).get(pk=int(walk.member))
