"""Indonesia: username and password, a code on a new device; recovery of the password, and of the username."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.flows import spend
from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, StepForm, Walk
from mypolis.foundation.markets.indonesia import PROFILE
from mypolis.foundation.web.form_fields.fields import UsernameField
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.usernames.reminders import send_username
from mypolis.membership.registration import indonesia as registration
from mypolis.membership.signin.contact_changes import change_email
from mypolis.membership.signin.credentials import signin
from mypolis.membership.signin.limits import RECOVERIES
from mypolis.membership.signin.recovery import recovery_by_code

CONTINUE = _("Continue")


class RecoverForm(StepForm):
    """The sign-in name of the person who forgot the password."""

    username = UsernameField(label=_("Username"))


def check_registered(walk: Walk, clean: Facts) -> Facts:
    """Find the account by the fields of registration. The journey continues in the same way if there is none."""
    for handle in registration.handles(walk, clean):
        spend(RECOVERIES, handle, market=walk.journey.market)
    person = registration.find(walk, clean, covered=False)
    account = Account.objects.filter(person=person.pk if person is not None else 0).values_list("pk", flat=True)
    return {"account": account.first()}


def finish(walk: Walk) -> Outcome:
    """Mail the username to the account's address, if there is an account. The page is the same for everybody."""
    account = Account.objects.filter(pk=walk.row("identity", "account")).first()
    send_username(account=account, market=walk.journey.market, language=walk.journey.language, by=walk.by)
    return Outcome(
        result={"next": "signin"},
        title=_("Check your email"),
        text=_("If the details are right, we have sent your username to the email address of your account."),
    )


JOURNEYS = (
    signin(PROFILE),
    change_email(PROFILE, proofs=("email",)),
    recovery_by_code(
        PROFILE,
        form=RecoverForm,
        channel="email",
        code_title=_("Verification method"),
        help_=_("Enter your username. We will send a code to the email address of your account."),
    ),
    Definition(
        market=PROFILE.code,
        kind="recover-username",
        ways=("group", "individual", "sharia"),
        asks_way=registration.WAY,
        title=_("Forgotten username"),
        steps=(
            replace(registration.POLICY_TYPE, button=CONTINUE),
            *(
                replace(
                    registration.identity_step(form, asked, check=check_registered, still_true=None), button=CONTINUE
                )
                for form, asked in registration.CARDS
            ),
        ),
        finish=finish,
    ),
)
