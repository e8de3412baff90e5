"""Another e-mail address or mobile for a member's account: the present password, then a code to the new one.

Where an SMS opens new devices, a changed number is proven by the e-mail address too, as at registration: a lost factor
is replaced by no less than what enrolled it (OWASP ASVS 5.0: 6.4.4, 7.5.1).
"""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from mypolis.accounts.codes import Target, code_step
from mypolis.accounts.describe import account_document
from mypolis.accounts.flows import ContactTaken, NewContact, change_contact
from mypolis.accounts.forms import refuse_taken, taken
from mypolis.accounts.models import Account, contact_key
from mypolis.accounts.security import WrongPassword, prove
from mypolis.journeys.errors import FieldError, Refused
from mypolis.journeys.forms import StepForm
from mypolis.journeys.steps import Answers, Definition, Facts, Step, clean_of, facts_of
from mypolis.journeys.walk import Outcome, Walk
from mypolis.markets import Profile
from mypolis.markets.profile import ContactKind
from mypolis.signin.credentials import begin_on_device, known_device, mark_of
from mypolis.web.fields import EmailField, MobileField, PasswordField

_PRESENT = _("Your present password")


class EmailForm(StepForm):
    """The new address, and the password."""

    email = EmailField(label=_("New e-mail address"))
    password = PasswordField(label=_PRESENT)


def change_email(profile: Profile) -> Definition:
    """The journey of a market's member to another e-mail address."""
    title = _("Change the e-mail address")
    return Definition(
        market=profile.code,
        kind="change-email",
        for_members=True,
        title=title,
        steps=(
            Step(
                name="identity",
                form=EmailForm,
                title=title,
                help=_("We send a code to the new address."),
                button=_("Continue"),
                check=check_new("email"),
                knows=frozenset({"email"}),
            ),
            code_step(channel="email", target=new_contact("email"), entered=is_free("email")),
        ),
        begin=begin_on_device,
        finish=put_in_place("email"),
    )


def change_mobile(profile: Profile) -> Definition:
    """The journey of a market's member to another mobile number."""
    title = _("Change the mobile number")
    by_email = code_step(name="email-code", channel="email", target=address_on_record, asked=has_address)
    fields = {
        "mobile": MobileField(region=profile.region, label=_("New mobile phone")),
        "password": PasswordField(label=_PRESENT),
    }
    return Definition(
        market=profile.code,
        kind="change-mobile",
        for_members=True,
        title=title,
        steps=(
            Step(
                name="identity",
                form=type("MobileForm", (StepForm,), fields),
                title=title,
                help=_("We send a code to the new number."),
                button=_("Continue"),
                check=check_new("mobile"),
                knows=frozenset({"sms", "email"}),
            ),
            code_step(channel="sms", target=new_contact("mobile"), entered=is_free("mobile")),
            *((by_email,) if profile.signin.code_by == "sms" else ()),
        ),
        begin=begin_on_device,
        finish=put_in_place("mobile"),
    )


def check_new(kind: ContactKind) -> Callable[[Walk, Facts], Facts]:
    """The present password, and another contact point than the one that stands."""

    def check(walk: Walk, clean: Facts) -> Facts:
        account = _member(walk)
        device = known_device(walk, account.pk)
        try:
            prove(account, str(clean["password"]), device=device, by=walk.by)
        except WrongPassword:
            raise Refused(FieldError("password", "wrong", _("This is not your present password."))) from None
        point = account.contact(kind)
        stands = point is not None and point.confirmed_at is not None and point.undeliverable_since is None
        if point is not None and stands and point.key == contact_key(kind, str(clean[kind])):
            raise Refused(FieldError(kind, "same", _("This is what your account has already.")))
        return {
            "account": account.pk,
            "password": mark_of(account),
            "device": device,
            "email": account.mailable_address,
        }

    return check


def new_contact(kind: ContactKind) -> Callable[[Answers], Target]:
    """The code goes to what was typed."""

    def target(answers: Answers) -> Target:
        typed = str(clean_of(answers, "identity").get(kind) or "")
        return _target(answers, typed, typed=True)

    return target


def address_on_record(answers: Answers) -> Target:
    """The code goes to the account's e-mail address."""
    return _target(answers, str(facts_of(answers, "identity").get("email") or ""), typed=False)


def has_address(answers: Answers) -> bool:
    """Whether the account has an address that mail reaches."""
    return bool(facts_of(answers, "identity").get("email"))


def is_free(kind: ContactKind) -> Callable[[Walk], Facts]:
    """Once the code was right: refused where another account holds it."""

    def entered(walk: Walk) -> Facts:
        refuse_taken(walk, _member(walk).person, [(kind, str(walk.clean("identity", kind)))])
        return {}

    return entered


def put_in_place(kind: ContactKind) -> Callable[[Walk], Outcome]:
    """The end of the journey: the account has the new one, unless its password changed meanwhile."""

    def finish(walk: Walk) -> Outcome:
        account = _member(walk, lock=True)
        if walk.fact("identity", "password") != mark_of(account):
            raise Refused(FieldError("", "changed", _("Something has changed meanwhile. Please start again.")))
        new = NewContact(kind=kind, value=str(walk.clean("identity", kind)), confirmed=True)
        try:
            change_contact(account=account, contact=new, by=walk.by)
        except ContactTaken as error:
            raise taken(walk, error) from None
        return Outcome(
            result={"account": account_document(account)},
            title=_("Your e-mail address is changed") if kind == "email" else _("Your mobile number is changed"),
            text=_changed_text(walk.profile, kind),
        )

    return finish


def _changed_text(profile: Profile, kind: ContactKind) -> str:
    if profile.signin.name == kind:
        return str(_("Sign in with the new one from now on. Nothing else changes."))
    return str(_("We write to the new one from now on. Nothing else changes."))


def _target(answers: Answers, to: str, *, typed: bool) -> Target:
    facts = facts_of(answers, "identity")
    device = facts.get("device")
    known = device if isinstance(device, int) else None
    return Target(to or None, f"account:{facts.get('account')}", shown=to, device=known, typed=typed)


def _member(walk: Walk, *, lock: bool = False) -> Account:
    accounts = Account.objects.select_related("person")
    return (accounts.select_for_update(of=("self",)) if lock else accounts).get(pk=int(walk.member))
