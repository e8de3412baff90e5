"""Serbia: e-mail and password, then always a code; recovery by a temporary password sent by e-mail."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.flows import spend
from mypolis.foundation.journeys.captcha import CaptchaForm, require_human
from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, Walk
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets.serbia import PROFILE
from mypolis.foundation.web.form_fields.fields import EmailField, JmbgField, ReferenceField
from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.accounts.passwords.temporary_passwords import send_temporary_password
from mypolis.membership.people.models import Membership, Person
from mypolis.membership.signin.contact_changes import change_email, change_mobile
from mypolis.membership.signin.credentials import begin_on_device, known_device, signin
from mypolis.membership.signin.limits import RECOVERIES


class RecoverForm(CaptchaForm):
    """A national id, and a policy number or the e-mail on file."""

    national_id = JmbgField(label=_("National ID number (JMBG)"))
    policy_number = ReferenceField(label=_("Policy number"), required=False)
    email = EmailField(label=_("Email"), required=False, help_text=_("The address you gave us earlier."))
    field_order = ("national_id", "policy_number", "email", "captcha")

    def clean(self) -> dict[str, Any]:
        """A policy number or an e-mail is needed."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("policy_number") and not cleaned.get("email") and not self.errors:
            message = _("Enter a policy number, or the email address you gave us earlier.")
            self.add_error("policy_number", forms.ValidationError(message, "required"))
        return cleaned


def check_identity(walk: Walk, clean: Facts) -> Facts:
    """Find the account. The journey continues in the same way if there is none."""
    require_human(walk, clean)
    account = accounts_of(walk.journey.market, clean).values_list("pk", flat=True).first()
    device = known_device(walk, account)
    spend(RECOVERIES, f"jmbg:{clean['national_id']}:{device or 'unknown'}", market=walk.journey.market)
    return {"account": account, "device": device}


def accounts_of(market: str, clean: Facts) -> QuerySet[Account]:
    """The account of the person with this national id and this policy number or e-mail. Ended cover counts too.

    A locked account is not found: it gets no temporary password, and from outside nobody sees why.

    Runs one query in every case, so that timing does not reveal how far a guess got.
    """
    number, address = fold_reference(str(clean["policy_number"] or "")), fold_email(str(clean["email"] or ""))
    person = Person.objects.filter(market=market).with_national_id(str(clean["national_id"]))
    policies = Membership.objects.filter(person=OuterRef("person"), policy__number_key=number or None)
    points = ContactPoint.objects.filter(account=OuterRef("pk"), kind="email", key=address or None)
    known = Q(Exists(policies)) | Q(Exists(points)) | Q(person__email_key=address or None)
    return Account.objects.filter(known, person__in=person, locked_at=None)


def finish(walk: Walk) -> Outcome:
    """Send a temporary password to the account's address, if there is one. The page is the same for everybody."""
    account = Account.objects.filter(pk=walk.row("identity", "account")).first()
    send_temporary_password(
        account=account,
        market=walk.journey.market,
        language=walk.journey.language,
        device=walk.row("identity", "device") or None,
        by=walk.by,
    )
    return Outcome(
        result={"next": "signin"},
        title=_("Check your email"),
        text=_(
            "If the details are right, we have sent a temporary password to the email address of your account. "
            "It is valid for 15 minutes; your old password works until you use it."
        ),
    )


JOURNEYS = (
    signin(PROFILE),
    change_email(PROFILE),
    change_mobile(PROFILE),
    Definition(
        market=PROFILE.code,
        kind="recover",
        title=_("Forgotten password"),
        steps=(
            Step(
                name="identity",
                form=RecoverForm,
                title=_("Forgotten password"),
                help=_("Please enter the following details."),
                button=_("Send"),
                check=check_identity,
                knows=frozenset({"email"}),
            ),
        ),
        begin=begin_on_device,
        finish=finish,
    ),
)
