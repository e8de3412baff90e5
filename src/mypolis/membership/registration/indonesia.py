"""Indonesia: a type of policy, the card's details, the licence, a two-minute code, a username, a password."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.definitions.answers import ENTRY, Answers, Facts, Json, clean_of, facts_of
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, StepForm, Walk
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.foundation.markets.indonesia import PROFILE
from mypolis.foundation.web.form_fields.date_field import BirthDateField
from mypolis.foundation.web.form_fields.fields import ChoiceField, ConsentField, EmailField, ReferenceField
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.forms import NewPasswordForm, hashed
from mypolis.membership.accounts.messages import notify
from mypolis.membership.accounts.presenters import account_document
from mypolis.membership.accounts.sessions.devices import sign_in
from mypolis.membership.accounts.usernames.generated_usernames import reserve_username
from mypolis.membership.consents.forms import DocumentsForm, accepted
from mypolis.membership.people.models import Person
from mypolis.membership.registration import matching
from mypolis.membership.registration.joining import already_registered, join


class PolicyTypeForm(StepForm):
    """Which of the market's policy types the person holds."""

    policy_type = ChoiceField(label=_("Policy type"), choices=[(kind.key, kind.label) for kind in PROFILE.policy_types])


class IndividualForm(StepForm):
    """The fields for the holder of an individual or sharia policy."""

    policy_number = ReferenceField(label=_("Policy number"))
    birth_date = BirthDateField(label=_("Date of birth"))
    email = EmailField(label=_("Email"), help_text=_("The address we have on file."))


class GroupForm(IndividualForm):
    """The fields for a participant of a group policy, as printed on the card."""

    participant_number = ReferenceField(label=_("Participant number"))
    field_order = ("policy_number", "participant_number", "birth_date", "email")


class LicenceForm(DocumentsForm):
    """The licence agreement."""

    accept_licence = ConsentField(document="licence", label=_("I accept the licence agreement"))


class UsernameForm(StepForm):
    """Nothing to fill in: the page shows the username."""


def way(answers: Answers) -> str:
    """The policy type: the way that the journey was started with, or the one chosen."""
    return str(facts_of(answers, ENTRY).get("way") or clean_of(answers, "policy-type").get("policy_type") or "")


def is_group(answers: Answers) -> bool:
    """Whether the policy is a group policy, which needs a participant number."""
    return way(answers) == "group"


def is_not_group(answers: Answers) -> bool:
    """Whether the policy is the person's own."""
    return not is_group(answers)


def asks_type(answers: Answers) -> bool:
    """Whether the journey was started without a way."""
    return not facts_of(answers, ENTRY).get("way")


def is_new(answers: Answers) -> bool:
    """Whether the code step found no existing account of the person."""
    return not facts_of(answers, "code").get("registered")


def find(walk: Walk, clean: Facts, *, covered: bool = True) -> Person | None:
    """The participant who matches the answers; with `covered`, only if covered today."""
    return matching.participant(
        market=walk.journey.market,
        policy_type=way(walk.answers),
        policy_number=str(clean["policy_number"]),
        participant_number=str(clean.get("participant_number") or ""),
        birth_date=str(clean["birth_date"]),
        email=str(clean["email"]),
        today=walk.profile.today() if covered else None,
    )


def handles(walk: Walk, clean: Facts) -> list[str]:
    """The normalised values that an attacker would keep fixed: the card's numbers, or the e-mail address."""
    numbers = [fold_reference(str(clean.get(name) or "")) for name in ("policy_number", "participant_number")]
    return [f"card:{way(walk.answers)}:{':'.join(numbers)}", f"email:{fold_email(str(clean['email']))}"]


def check_identity(walk: Walk, clean: Facts) -> Facts:
    """Find the participant. The code goes to the e-mail on file, which equals the typed one."""
    person = matching.match(walk, handles(walk, clean), lambda: find(walk, clean))
    return {"person": person.pk, "email": person.email}


def email_on_file(answers: Answers) -> Target:
    """The code goes to the e-mail on file."""
    facts = facts_of(answers, "identity")
    email = str(facts.get("email") or "")
    return Target(email, f"person:{facts.get('person')}", shown=email, typed=True)


def code_entered(walk: Walk) -> Facts:
    """The code is right. Only now may the person learn that there is already an account."""
    return {"registered": hasattr(matching.person_of(walk), "account")}


def make_username(walk: Walk) -> Facts:
    """Reserve a username, once per journey."""
    return {"username": walk.fact("username", "username") or reserve_username(walk.journey.market)}


def keep_username(walk: Walk, clean: Facts) -> Facts:
    """The username that was shown."""
    return shown_username(walk)


def shown_username(walk: Walk) -> Facts:
    """What the page shows."""
    return {"username": walk.fact("username", "username")}


def person_found(answers: Answers) -> Json:
    """The person to whom the licence and the password belong; if it changes, both are asked for again."""
    return facts_of(answers, "identity").get("person")


def contact_unchanged(walk: Walk) -> bool:
    """Whether the person is still covered, and the e-mail on file is still the one that was matched."""
    return matching.still_covered(walk, email=str(walk.fact("identity", "email")))


def finish(walk: Walk) -> Outcome:
    """Open the account and sign in. Somebody who is already registered is sent to sign-in."""
    person = matching.person_of(walk)
    username = str(walk.fact("username", "username") or "")
    if not username:
        return already_registered()
    contacts = [NewContact("email", str(walk.fact("identity", "email")), confirmed=True)]
    account = join(walk, person, contacts, asked_at="password", ticked_at=["licence"], username=username)
    if account is None:
        return already_registered()
    context = {"username": username, "signin_url": address_of_page(account.market, "signin")}
    notify(account, "username-made", dict(context), by=walk.by)
    grant = sign_in(account=account, known=None, by=walk.by, is_new=True)
    return Outcome(
        result={"account": account_document(account)},
        title=_("Your account is ready"),
        text=_("You sign in with this username. We have sent it to you by email too."),
        shows={"username": username},
        grant=grant,
    )


def identity_step(
    form: type[StepForm],
    asked: Callable[[Answers], bool],
    *,
    check: Callable[[Walk, Facts], Facts] = check_identity,
    still_true: Callable[[Walk], bool] | None = contact_unchanged,
) -> Step:
    """The card's details; which ones depends on the type of policy."""
    return Step(
        name="identity",
        form=form,
        title=_("Your policy"),
        help=_("Enter the details as they appear on your card."),
        button=_("Register"),
        asked=asked,
        depends_on=way,
        check=check,
        still_true=still_true,
        knows=frozenset({"email"}),
    )


CARDS: tuple[tuple[type[StepForm], Callable[[Answers], bool]], ...] = (
    (GroupForm, is_group),
    (IndividualForm, is_not_group),
)

WAY = ("policy-type", "policy_type")
POLICY_TYPE = Step(
    name="policy-type",
    form=PolicyTypeForm,
    title=_("Choose your policy type"),
    button=_("Register"),
    asked=asks_type,
)

NO_MATCH = _(
    "We could not find an active policy with these details. Please check each field. If you never gave us your email "
    "address, ask your HR department or our support to add it."
)

JOURNEYS = (
    Definition(
        market=PROFILE.code,
        kind="register",
        ways=("group", "individual", "sharia"),
        asks_way=WAY,
        title=_("Register"),
        steps=(
            POLICY_TYPE,
            *(identity_step(form, asked) for form, asked in CARDS),
            Step(
                name="licence",
                form=LicenceForm,
                title=_("Licence agreement"),
                template="consents/documents_step.html",
                button=_("Continue"),
                depends_on=person_found,
                check=accepted,
            ),
            code_step(channel="email", target=email_on_file, entered=code_entered, title=_("Verification method")),
            Step(
                name="username",
                form=UsernameForm,
                title=_("Your username"),
                template="registration/username.html",
                help=_("We created this username for you. Write it down: you will sign in with it."),
                button=_("Create password"),
                asked=is_new,
                enter=make_username,
                check=keep_username,
                shows=shown_username,
            ),
            Step(
                name="password",
                form=NewPasswordForm,
                title=_("Create a password"),
                button=_("Confirm password"),
                asked=is_new,
                depends_on=person_found,
                check=hashed,
            ),
        ),
        finish=finish,
        no_match=NO_MATCH,
        last_template="registration/done_with_username.html",
    ),
)
