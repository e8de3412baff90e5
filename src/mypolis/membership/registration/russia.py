"""Russia: by an invitation link, or without one by name, birth date and a contact point on file."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.definitions.answers import ENTRY, Answers, Facts, clean_of, facts_of
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, Walk
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.folding import is_placeholder
from mypolis.foundation.markets.profile import ContactKind, Text
from mypolis.foundation.markets.russia import PROFILE
from mypolis.foundation.web.form_fields.date_field import BirthDateField
from mypolis.foundation.web.form_fields.fields import ConsentField, EmailField, MobileField, NameField, ReferenceField
from mypolis.membership.accounts.codes.code_targets import Proof, Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.accounts.contact_points.email_confirmation import ask_to_confirm
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.forms import NewPasswordForm, refuse_taken
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.presenters import account_document
from mypolis.membership.accounts.sessions.devices import sign_in
from mypolis.membership.consents.forms import DocumentsForm, accepted
from mypolis.membership.people.match_keys import name_key
from mypolis.membership.people.models import Person
from mypolis.membership.registration import matching
from mypolis.membership.registration.joining import already_registered, dead_link, join
from mypolis.membership.roster.invitations import InvitationError, find_invitation, use_invitation
from mypolis.membership.roster.models import Invitation

TICKS = tuple(f"accept_{key}" for key in PROFILE.documents)


class CommonForm(DocumentsForm, NewPasswordForm):
    """The fields of both ways: the person's own mobile, a password, three separate consents."""

    mobile = MobileField(
        region=PROFILE.region,
        label=_("Mobile phone"),
        help_text=_("Your own number: we will send a code to it, and you will sign in with it."),
    )
    accept_rules = ConsentField(document="rules", label=_("I accept the rules for using the portal"))
    accept_personal_data = ConsentField(
        document="personal_data", label=_("I agree to the processing of my personal data")
    )
    accept_marketing = ConsentField(
        document="marketing", label=_("I agree to receive marketing messages"), required=False
    )


class InvitationForm(CommonForm):
    """By link: the invitation has the policy number."""

    policy_number = ReferenceField(label=_("Policy number"), help_text=_("It is in the email with the link."))
    field_order = ("policy_number", "mobile", "password", "password_repeat", *TICKS)


class OpenForm(CommonForm):
    """Without a link: the name as in the passport."""

    surname = NameField(
        label=_("Surname"),
        autocomplete="family-name",
        help_text=_("If you have one name only, type a dash here and the name below."),
    )
    given_name = NameField(label=_("Given name"), autocomplete="given-name")
    patronymic = NameField(
        label=_("Patronymic"),
        required=False,
        autocomplete="additional-name",
        help_text=_("As in your passport. Leave it empty only if you have none."),
    )
    birth_date = BirthDateField(label=_("Date of birth"))
    email = EmailField(label=_("Email"))
    field_order = (
        "surname", "given_name", "patronymic", "birth_date", "mobile", "email", "password", "password_repeat", *TICKS,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Accept a single name: the other name field, either of the two, may be empty or a dash."""
        cleaned = super().clean()
        names = ("surname", "given_name")
        empty = [
            name for name in names if self.has_error(name, "required") or is_placeholder(str(cleaned.get(name) or "x"))
        ]
        if len(empty) == 1 and is_placeholder(str(cleaned.get("patronymic") or "")):
            self.errors.pop(empty[0], None)
            cleaned[empty[0]] = ""
        return cleaned


def begin_by_invitation(walk: Walk, entry: Facts) -> Facts:
    """Store the person whom the link invites. Raises Gone when the link is used, expired, void or unknown."""
    invitation = find_invitation(str(entry.get("invitation") or ""), walk.journey.market)
    if invitation is None:
        raise dead_link("unknown")
    if invitation.state != "open":
        raise dead_link(invitation.state)
    return {"invitation": invitation.pk, "person": invitation.person_id, "name": invitation.person.greeting_name}


def check_invited(walk: Walk, clean: Facts) -> Facts:
    """The policy number must be that of an active policy of the invited person.

    An ended link raises Gone, but a person whose cover ended gets the usual answer for a failed match.
    """
    person_id = walk.row(ENTRY, "person")
    if not invitation_is_open(walk) and Person.objects.filter(pk=person_id).covered_on(walk.profile.today()).exists():
        raise dead_link("voided")
    person, password_hash = matching.match_and_hash(
        walk,
        clean,
        [f"person:{person_id}"],
        lambda: matching.invited(
            person_id=person_id, policy_number=str(clean["policy_number"]), today=walk.profile.today()
        ),
    )
    return {"person": person.pk, "password_hash": password_hash, "email": person.email, **accepted(walk, clean)}


def check_open(walk: Walk, clean: Facts) -> Facts:
    """Full name, birth date, and the mobile or the e-mail on file."""
    names = (str(clean["surname"]), str(clean["given_name"]), str(clean["patronymic"] or ""))
    mobile, email, born = str(clean["mobile"]), str(clean["email"]), str(clean["birth_date"])
    person, password_hash = matching.match_and_hash(
        walk,
        clean,
        [f"name:{name_key(walk.journey.market, *names)}:{born}", f"mobile:{mobile}", f"email:{fold_email(email)}"],
        lambda: matching.employee(
            market=walk.journey.market,
            names=names,
            birth_date=born,
            mobile=mobile,
            email=email,
            today=walk.profile.today(),
        ),
    )
    return {
        "person": person.pk,
        "password_hash": password_hash,
        "email": person.email_spelled(email),
        "mobile_on_file": mobile == person.mobile,
        **accepted(walk, clean),
    }


def invitation_is_open(walk: Walk) -> bool:
    """Whether the link is still open and the person still covered. Raises Gone when the link was used."""
    invitation = Invitation.objects.select_related("person").get(pk=walk.row(ENTRY, "invitation"))
    if invitation.state == "used":
        raise dead_link("used")
    return invitation.state == "open"


def greeting(walk: Walk) -> Text:
    """The title of the first page, which greets by given name and patronymic."""
    return _("Welcome, %(name)s") % {"name": walk.entry("name")}


def typed_mobile(answers: Answers) -> Target:
    """The SMS code goes to the mobile that was entered."""
    mobile = str(clean_of(answers, "identity").get("mobile") or "")
    return Target(mobile, _subject(answers), shown=mobile, proof=_proof(answers), typed=True)


def typed_email(answers: Answers) -> Target:
    """The e-mail code goes to the typed address. It is sent only if that is on file and the mobile is not."""
    email = str(facts_of(answers, "identity").get("email") or "")
    return Target(email, _subject(answers), shown=email, proof=_proof(answers), typed=True)


def _proof(answers: Answers) -> Proof:
    """What was proven: the link, or the details. Details with a mobile that is not on file are a separate proof."""
    if facts_of(answers, ENTRY).get("invitation"):
        return "link"
    return "elsewhere" if has_other_mobile(answers) else "match"


def _subject(answers: Answers) -> str:
    """The subject for counting codes. The holder of a link has a separate one, so nobody else can use theirs up."""
    invitation = facts_of(answers, ENTRY).get("invitation")
    return f"invitation:{invitation}" if invitation else f"person:{facts_of(answers, 'identity').get('person')}"


def has_other_mobile(answers: Answers) -> bool:
    """Whether the mobile differs from the file, so that the e-mail must be proven too."""
    return facts_of(answers, "identity").get("mobile_on_file") is False


def mobile_entered(walk: Walk) -> Facts:
    """The mobile is proven. Only now may we reveal whether it, or an e-mail that gets no code, is already taken."""
    contacts: list[tuple[ContactKind, str]] = [("mobile", str(walk.clean("identity", "mobile")))]
    if not has_other_mobile(walk.answers):
        contacts.append(("email", str(walk.fact("identity", "email"))))
    refuse_taken(walk, matching.person_of(walk), contacts)
    return {}


def email_entered(walk: Walk) -> Facts:
    """The e-mail is proven. Only now may we reveal whether it is already taken."""
    refuse_taken(walk, matching.person_of(walk), [("email", str(walk.fact("identity", "email")))])
    return {}


def finish_invited(walk: Walk) -> Outcome:
    """The link proves the e-mail it was sent to."""
    return _finish(walk, email_is_proven=True)


def finish_open(walk: Walk) -> Outcome:
    """The e-mail is proven if its code was required. Otherwise we send a link, and no other mail until it is used."""
    return _finish(walk, email_is_proven=has_other_mobile(walk.answers))


def _finish(walk: Walk, *, email_is_proven: bool) -> Outcome:
    person = matching.person_of(walk)
    email = str(walk.fact("identity", "email") or "")
    contacts = [NewContact("mobile", str(walk.clean("identity", "mobile")), confirmed=True)]
    if email:
        contacts.append(NewContact("email", email, confirmed=email_is_proven))
    account = join(walk, person, contacts)
    if account is None:
        return already_registered()
    _settle_invitation_and_email(walk, account, person)
    grant = sign_in(account=account, known=None, by=walk.by, is_new=True)
    return Outcome(
        result={"account": account_document(account)},
        title=_("Your account is ready"),
        text=_("You are signed in."),
        grant=grant,
    )


def _settle_invitation_and_email(walk: Walk, account: Account, person: Person) -> None:
    for invitation in person.invitations.pending():
        with suppress(InvitationError):  # an ended invitation cannot be used up
            use_invitation(invitation, by=walk.by)
    point = account.contact("email")
    if point is not None and point.confirmed_at is None:
        ask_to_confirm(point=point, name=person.greeting_name, by=walk.by)


def _first_page(
    form: type[CommonForm],
    check: Callable[[Walk, Facts], Facts],
    still_true: Callable[[Walk], bool],
    title: Text | Callable[[Walk], Text],
    help_: Text,
) -> Step:
    return Step(
        name="identity",
        form=form,
        title=title,
        help=help_,
        button=_("Sign up"),
        check=check,
        still_true=still_true,
        knows=frozenset({"sms", "email"}),
    )


JOURNEYS = (
    Definition(
        market=PROFILE.code,
        kind="register",
        ways=("open",),
        title=_("Sign up without a link"),
        about=_(
            "If your employer insures you: with your name, date of birth, and a mobile number or email we have on file."
        ),
        steps=(
            _first_page(
                OpenForm,
                check_open,
                matching.still_covered,
                _("Sign up without a link"),
                _("For people insured by their employer."),
            ),
            code_step(channel="sms", target=typed_mobile, entered=mobile_entered),
            code_step(
                name="email-code", channel="email", target=typed_email, asked=has_other_mobile, entered=email_entered
            ),
        ),
        finish=finish_open,
        no_match=matching.NO_MATCH,
    ),
    Definition(
        market=PROFILE.code,
        kind="register",
        ways=("invitation",),
        title=_("Sign up by invitation"),
        about=_("Did you get an email with a link? Open the link: it is the quickest way to sign up."),
        steps=(
            _first_page(
                InvitationForm,
                check_invited,
                invitation_is_open,
                greeting,
                _("Fill in a few fields to open your account."),
            ),
            code_step(channel="sms", target=typed_mobile, entered=mobile_entered),
        ),
        finish=finish_invited,
        begin=begin_by_invitation,
        link="invitation",
        no_match=matching.NO_MATCH,
    ),
)
