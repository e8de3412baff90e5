"""Serbia: one page; JMBG and mobile on file, and an active policy's number or the e-mail on file.

The account gets the e-mail on file. It gets another one only after an SMS code to the mobile on file and a code to
the new address.
"""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.captcha import CaptchaForm, require_human
from mypolis.foundation.journeys.definitions.answers import Answers, Facts, FieldError, facts_of
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, Walk
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.masking import first_letter
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.foundation.markets.serbia import PROFILE
from mypolis.foundation.notices import flows as notices
from mypolis.foundation.web.form_fields.fields import ConsentField, EmailField, JmbgField, MobileField, ReferenceField
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.accounts.contact_points.flows import NewContact, holder_of
from mypolis.membership.accounts.forms import NewPasswordForm, refuse_taken
from mypolis.membership.accounts.messages import notify
from mypolis.membership.consents.forms import DocumentsForm, accepted
from mypolis.membership.people.models import Person
from mypolis.membership.registration import matching
from mypolis.membership.registration.joining import join


class IdentityForm(DocumentsForm, NewPasswordForm, CaptchaForm):
    """All fields of the page."""

    national_id = JmbgField(label=_("National ID number (JMBG)"))
    policy_number = ReferenceField(
        label=_("Policy number"),
        required=False,
        help_text=_(
            "The number of any active policy. If you do not have it, enter the email address you gave us earlier."
        ),
    )
    email = EmailField(label=_("Email"), required=False)
    mobile = MobileField(region=PROFILE.region, label=_("Mobile phone"), help_text=_("The number you gave us earlier."))
    accept_privacy = ConsentField(
        document="privacy", label=_("I have read the notice on the processing of personal data")
    )
    field_order = ("national_id", "policy_number", "email", "mobile", "password", "password_repeat", "accept_privacy")

    def clean(self) -> dict[str, Any]:
        """A policy number or an e-mail is needed."""
        cleaned = super().clean()
        if (
            not cleaned.get("policy_number")
            and not cleaned.get("email")
            and not self.errors.keys()
            & {
                "policy_number",
                "email",
            }
        ):
            message = _("Enter a policy number, or the email address you gave us earlier.")
            self.add_error("policy_number", forms.ValidationError(message, "required"))
        return cleaned


def check_identity(walk: Walk, clean: Facts) -> Facts:
    """Find the client, after the captcha."""
    require_human(walk, clean)
    national_id, email = str(clean["national_id"]), str(clean["email"] or "")
    person, password_hash = matching.match_and_hash(
        walk,
        clean,
        [f"jmbg:{national_id}", f"mobile:{clean['mobile']}", *([f"email:{fold_email(email)}"] if email else [])],
        lambda: matching.client(
            market=walk.journey.market,
            national_id=national_id,
            mobile=str(clean["mobile"]),
            policy_number=str(clean["policy_number"] or ""),
            email=email,
            today=walk.profile.today(),
        ),
    )
    if not person.email and not email:
        message = _("We do not have an email address for you. Enter one: you will sign in with it.")
        raise Refused(FieldError("email", "required", message))
    return {
        "password_hash": password_hash,
        "person": person.pk,
        "mobile": person.mobile,
        "email": person.email_spelled(email) or person.email,
        "email_is_new": not person.email_key or (bool(email) and fold_email(email) != person.email_key),
        "email_is_held": _is_held(walk, person),
        **accepted(walk, clean),
    }


def _is_held(walk: Walk, person: Person) -> bool:
    """Whether another account (a spouse's) already signs in with the e-mail on file."""
    holder = holder_of(walk.journey.market, "email", person.email) if person.email else None
    return holder is not None and holder.person_id != person.pk


def needs_proof(answers: Answers) -> bool:
    """Whether the account's e-mail will not simply be the one on file."""
    facts = facts_of(answers, "identity")
    return bool(facts.get("email_is_new") or facts.get("email_is_held"))


def has_new_email(answers: Answers) -> bool:
    """Whether the person gave an e-mail that is not on file."""
    return bool(facts_of(answers, "identity").get("email_is_new"))


def mobile_on_file(answers: Answers) -> Target:
    """The SMS code goes to the mobile on file (and typed: they are the same)."""
    facts = facts_of(answers, "identity")
    mobile = str(facts.get("mobile") or "")
    return Target(mobile, f"person:{facts.get('person')}", shown=mobile, typed=True)


def new_email(answers: Answers) -> Target:
    """The e-mail code goes to the address that becomes the account's."""
    facts = facts_of(answers, "identity")
    email, subject = str(facts.get("email") or ""), f"person:{facts.get('person')}"
    return Target(email, subject, shown=email, proof="elsewhere", typed=True, in_full=True)


def mobile_entered(walk: Walk) -> Facts:
    """The mobile is proven. Only now may we reveal that the e-mail on file belongs to another account."""
    if not has_new_email(walk.answers):
        refuse_taken(walk, matching.person_of(walk), [("email", str(walk.fact("identity", "email")))])
    return {}


def email_entered(walk: Walk) -> Facts:
    """The address is proven. Only now may we reveal whether it is already taken."""
    refuse_taken(walk, matching.person_of(walk), [("email", str(walk.fact("identity", "email")))])
    return {}


def finish(walk: Walk) -> Outcome:
    """Open the account, or send a message to the existing one. The last page is the same in both cases."""
    person = matching.person_of(walk)
    existing = getattr(person, "account", None)
    if existing is None:
        _open_account(walk, person)
    else:
        urls = {page: address_of_page(walk.journey.market, page) for page in ("signin", "recover")}
        context = {"signin_url": urls["signin"], "recover_url": urls["recover"]}
        notify(existing, "account-exists", dict(context), by=walk.by)
    return Outcome(
        result={"next": "signin"},
        title=_("Check your email"),
        text=lazy(_where_it_went, str)(walk, person),
    )


def _where_it_went(walk: Walk, person: Person) -> str:
    """The e-mail as the last page shows it: a typed one in full, the one on file with only its first letter.

    It depends on what was typed and what is on file, never on an account, so it does not reveal whether there was one.
    """
    if has_new_email(walk.answers):
        text = _("We have sent an email about your account to %(address)s. It has a link to sign in.")
        sent_to = str(text % {"address": walk.fact("identity", "email")})
    else:
        text = _(
            "We have sent an email about your account to the address on file, %(address)s. It has a link to sign in."
        )
        sent_to = str(text % {"address": first_letter(person.email)})
    hint = _("If you already sign in here with another address, check that one.")
    return f"{sent_to} {hint}"


def _open_account(walk: Walk, person: Person) -> None:
    email, mobile = str(walk.fact("identity", "email")), str(walk.fact("identity", "mobile"))
    proven = needs_proof(walk.answers)
    contacts = [NewContact("email", email, confirmed=True), NewContact("mobile", mobile, confirmed=proven)]
    account = join(walk, person, contacts)
    if account is None:
        return
    context = {"given_name": person.given_name, "signin_url": address_of_page(account.market, "signin")}
    notify(account, "account-created", dict(context), by=walk.by)
    if has_new_email(walk.answers) and person.email:
        notices.send(
            market=account.market,
            channel="email",
            to=person.email,
            template="contact-changed",
            language=account.language,
            context={},
            by=walk.by,
            whose=notices.row_name(account),
        )


def contact_unchanged(walk: Walk) -> bool:
    """Whether the person is still covered, and the mobile on file is still the one that was matched."""
    return matching.still_covered(walk, mobile=str(walk.fact("identity", "mobile")))


JOURNEYS = (
    Definition(
        market=PROFILE.code,
        kind="register",
        ways=("client",),
        title=_("Create an account"),
        about=_("For everyone we insure. Have your JMBG and your policy number ready."),
        steps=(
            Step(
                name="identity",
                form=IdentityForm,
                title=_("Create an account"),
                button=_("Create account"),
                check=check_identity,
                still_true=contact_unchanged,
                knows=frozenset({"sms", "email"}),
            ),
            code_step(channel="sms", target=mobile_on_file, asked=needs_proof, entered=mobile_entered),
            code_step(
                name="email-code",
                channel="email",
                target=new_email,
                asked=has_new_email,
                entered=email_entered,
                button=_("Create account"),
            ),
        ),
        finish=finish,
        no_match=matching.NO_MATCH,
    ),
)
