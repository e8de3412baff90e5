"""Montenegro: national id and e-mail on file, a code to the e-mail, signed in; recovery by a code to the e-mail."""

from mypolis.foundation.journeys.definitions.answers import Answers, Facts, facts_of
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, StepForm, Walk
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.web.form_fields.fields import EmailField, JmbgField
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.flows import AlreadyRegistered, create_account
from mypolis.membership.accounts.forms import NewPasswordForm
from mypolis.membership.accounts.presenters import account_document
from mypolis.membership.accounts.sessions.devices import sign_in
from mypolis.membership.people.models import Person
from mypolis.membership.registration import matching
from mypolis.membership.registration.joining import already_registered
from mypolis.membership.signin.credentials import signin
from mypolis.membership.signin.recovery import recovery_by_code
from tests.montenegro import PROFILE


class IdentityForm(NewPasswordForm):
    national_id = JmbgField(label="National ID number (JMBG)")
    email = EmailField(label="E-mail")


class RecoverForm(StepForm):
    email = EmailField(label="E-mail")


def find(clean: Facts) -> Person | None:
    people = Person.objects.filter(market="me", email_key=fold_email(str(clean["email"])))
    return people.with_national_id(str(clean["national_id"])).covered_on(PROFILE.today()).first()


def check(walk: Walk, clean: Facts) -> Facts:
    person, password_hash = matching.match_and_hash(walk, clean, [f"jmbg:{clean['national_id']}"], lambda: find(clean))
    return {"person": person.pk, "email": person.email, "password_hash": password_hash}


def email_on_file(answers: Answers) -> Target:
    facts = facts_of(answers, "identity")
    return Target(str(facts.get("email")), f"person:{facts.get('person')}", shown=str(facts.get("email")))


def finish(walk: Walk) -> Outcome:
    person = matching.person_of(walk)
    try:
        account = create_account(
            person=person,
            password_hash=str(walk.fact("identity", "password_hash")),
            language=walk.journey.language,
            contacts=[NewContact("email", person.email, confirmed=True)],
            by=walk.by,
        )
    except AlreadyRegistered:
        return already_registered()
    grant = sign_in(account=account, known=None, by=walk.by)
    return Outcome(result={"account": account_document(account)}, title="Your account is ready", grant=grant)


JOURNEYS = (
    Definition(
        market="me",
        kind="register",
        ways=("insured",),
        title="Register",
        steps=(
            Step(
                name="identity",
                form=IdentityForm,
                title="Register",
                button="Register",
                check=check,
                still_true=matching.still_covered,
                knows=frozenset({"email"}),
            ),
            code_step(channel="email", target=email_on_file),
        ),
        finish=finish,
        no_match=matching.NO_MATCH,
    ),
    signin(PROFILE),
    recovery_by_code(PROFILE, form=RecoverForm, channel="email", help_="Enter your e-mail."),
)
