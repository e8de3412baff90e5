"""Indonesia: a type of policy, the card's details, the licence, a two-minute code, a username, a password."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from mypolis.accounts.codes import Target, code_step
from mypolis.accounts.describe import account_document
from mypolis.accounts.devices import sign_in
from mypolis.accounts.flows import AlreadyRegistered, NewContact, create_account
from mypolis.accounts.passwords import hash_password
from mypolis.accounts.usernames import reserve_username
from mypolis.journeys.forms import StepForm
from mypolis.journeys.steps import ENTRY, Answers, Definition, Facts, Step, clean_of, facts_of
from mypolis.journeys.walk import Outcome, Walk
from mypolis.markets.indonesia import PROFILE
from mypolis.people.models import Person
from mypolis.registration import matching
from mypolis.registration.parts import DocumentsForm, NewPasswordForm, already_registered, give_consents
from mypolis.web.fields import BirthDateField, ChoiceField, ConsentField, EmailField, ReferenceField


class PolicyTypeForm(StepForm):
    """Which of the market's policy types the person holds."""

    policy_type = ChoiceField(label=_("Policy type"), choices=[(kind.key, kind.label) for kind in PROFILE.policy_types])


class IndividualForm(StepForm):
    """What an individual or sharia policy's holder gives."""

    policy_number = ReferenceField(label=_("Policy number"))
    birth_date = BirthDateField(label=_("Date of birth"))
    email = EmailField(label=_("E-mail"), help_text=_("The address that we have on file."))


class GroupForm(IndividualForm):
    """What a participant of a group policy gives, as it stands on the card."""

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
    """Whether a participant number is asked for."""
    return way(answers) == "group"


def is_not_group(answers: Answers) -> bool:
    """Whether the policy is the person's own."""
    return not is_group(answers)


def asks_type(answers: Answers) -> bool:
    """Whether the journey was started without a way."""
    return not facts_of(answers, ENTRY).get("way")


def is_new(answers: Answers) -> bool:
    """Whether the code did not show that the person has an account already."""
    return not facts_of(answers, "code").get("registered")


def find(walk: Walk, clean: Facts) -> Person | None:
    """The participant whom the answers describe, covered today."""
    return matching.participant(
        market=walk.journey.market,
        policy_type=way(walk.answers),
        policy_number=str(clean["policy_number"]),
        participant_number=str(clean.get("participant_number") or ""),
        birth_date=str(clean["birth_date"]),
        email=str(clean["email"]),
        today=walk.profile.today(),
    )


def handles(walk: Walk, clean: Facts) -> list[str]:
    """What a guesser would hold fixed: the card's numbers, or the address."""
    numbers = f"card:{way(walk.answers)}:{clean['policy_number']}:{clean.get('participant_number') or ''}"
    return [numbers, f"email:{clean['email']}"]


def check_identity(walk: Walk, clean: Facts) -> Facts:
    """Find the participant; the code goes to the e-mail on file, which is the one typed."""
    person = matching.match(walk, handles(walk, clean), lambda: find(walk, clean))
    return {"person": person.pk, "email": person.email}


def email_on_file(answers: Answers) -> Target:
    """Where the code goes."""
    facts = facts_of(answers, "identity")
    email = str(facts.get("email") or "")
    return Target(email, f"person:{facts.get('person')}", shown=email)


def code_entered(walk: Walk) -> Facts:
    """Only now may the person learn that there is an account already."""
    return {"registered": hasattr(matching.person_of(walk), "account")}


def make_username(walk: Walk) -> Facts:
    """Reserve a username, once a journey."""
    return {"username": walk.fact("username", "username") or reserve_username(walk.journey.market)}


def keep_username(walk: Walk, clean: Facts) -> Facts:
    """The username that was shown."""
    return shown_username(walk)


def shown_username(walk: Walk) -> Facts:
    """What the page shows."""
    return {"username": walk.fact("username", "username")}


def check_password(walk: Walk, clean: Facts) -> Facts:
    """Keep the password's hash only."""
    return {"password_hash": hash_password(str(clean["password"]))}


def finish(walk: Walk) -> Outcome:
    """Open the account and sign in; somebody already registered is led to sign-in."""
    person = matching.person_of(walk)
    username = str(walk.fact("username", "username") or "")
    try:
        if not username:
            raise AlreadyRegistered
        account = create_account(
            person=person,
            password_hash=str(walk.fact("password", "password_hash")),
            language=walk.journey.language,
            contacts=[NewContact("email", person.email, confirmed=True)],
            by=walk.by,
            username=username,
        )
    except AlreadyRegistered:
        return already_registered()
    give_consents(walk, account, step="licence", documents=["licence"])
    grant = sign_in(account=account, known=None, by=walk.by)
    return Outcome(
        result={"account": account_document(account)},
        title=_("Your account is ready"),
        text=_("Keep your username: you need it each time you sign in."),
        shows={"username": username},
        grant=grant,
    )


def identity_step(
    form: type[StepForm],
    asked: Callable[[Answers], bool],
    *,
    check: Callable[[Walk, Facts], Facts] = check_identity,
) -> Step:
    """The card's details; which ones depends on the type of policy."""
    return Step(
        name="identity",
        form=form,
        title=_("Your policy"),
        help=_("Enter the details as they stand on your card."),
        button=_("Register"),
        asked=asked,
        rests_on=way,
        check=check,
        knows=frozenset({"email"}),
    )


POLICY_TYPE = Step(
    name="policy-type",
    form=PolicyTypeForm,
    title=_("Choose your policy type"),
    button=_("Register"),
    asked=asks_type,
)

NO_MATCH = _(
    "We could not find an active policy with these details. Please check each field. If you never gave us your e-mail "
    "address, ask your HR department or our support to add it."
)

JOURNEYS = (
    Definition(
        market="id",
        kind="register",
        ways=("group", "individual", "sharia"),
        asks_way=True,
        title=_("Register"),
        steps=(
            POLICY_TYPE,
            identity_step(GroupForm, is_group),
            identity_step(IndividualForm, is_not_group),
            Step(
                name="licence",
                form=LicenceForm,
                title=_("Licence agreement"),
                button=_("Continue"),
            ),
            code_step(channel="email", target=email_on_file, entered=code_entered),
            Step(
                name="username",
                form=UsernameForm,
                title=_("Your username"),
                help=_("We made this username for you. Write it down: you sign in with it."),
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
                check=check_password,
            ),
        ),
        finish=finish,
        still_stands=matching.is_still_covered,
        no_match=NO_MATCH,
    ),
)
