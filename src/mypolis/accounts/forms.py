"""What journeys about accounts share: a new password, and the refusal of a contact point that somebody else holds."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.accounts import passwords
from mypolis.accounts.flows import ContactTaken, holder_of
from mypolis.accounts.models import Account
from mypolis.journeys.errors import FieldError, Refused
from mypolis.journeys.forms import StepForm
from mypolis.journeys.steps import Facts
from mypolis.journeys.walk import Walk
from mypolis.markets.profile import ContactKind, Text
from mypolis.people.models import Person
from mypolis.web.fields import PasswordField


class NewPasswordForm(StepForm):
    """A new password, typed twice, judged against what is known of the person."""

    password = PasswordField(label=_("Password"), new=True)
    password_repeat = PasswordField(label=_("Repeat password"), new=True)

    def arrange(self) -> None:
        """Tell the market's rules: beside the field for people and their script, in its help for apps."""
        super().arrange()
        tell_password_rules(self, least=self.walk.profile.password_min_length)

    def clean(self) -> dict[str, Any]:
        """Both the same, long enough, not guessable, not built from the person's own data."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, repeat = cleaned.get("password"), cleaned.get("password_repeat")
        if password and repeat and password != repeat:
            differ = _("The two passwords differ. Please type the same one twice.")
            self.add_error("password_repeat", forms.ValidationError(differ, "mismatch"))
        if password:
            typed = [str(value) for name, value in cleaned.items() if value and not self.drawn[name].secret]
            for error in password_errors(self.walk, password, personal=[*typed, *self.personal()]):
                self.add_error("password", forms.ValidationError(str(error.message), error.code))
        return cleaned

    def personal(self) -> Iterable[str]:
        """The words of the person on file, beside those typed on the same page."""
        person_id = self.walk.row("identity", "person") or self.walk.row("entry", "person")
        person = Person.objects.filter(pk=person_id).first() if person_id else None
        return own_words(person) if person is not None else ()


def tell_password_rules(form: forms.Form, *, least: int) -> None:
    """Say what makes a form's new password good: beside the field for people and their script, in its help for apps."""
    password, repeat = form.fields["password"], form.fields["password_repeat"]
    if isinstance(password, PasswordField) and isinstance(repeat, PasswordField):
        password.hints, password.measures = passwords.hints(min_length=least), passwords.measures(min_length=least)
        password.help_text = "; ".join(str(hint.text) for hint in password.hints)
        repeat.same_as = form["password"].id_for_label


class AccountPasswordForm(NewPasswordForm):
    """A new password for the account that an earlier step, named `step`, found."""

    step = "credentials"

    def personal(self) -> Iterable[str]:
        """The words of the account's holder."""
        return own_words(Account.objects.select_related("person").get(pk=self.walk.row(self.step, "account")).person)


def own_words(person: Person) -> Iterable[str]:
    """Names, dates, numbers and contact points of a person on file, as somebody might build a password of them."""
    born = person.birth_date
    yield from (person.surname, person.given_name, person.patronymic, person.mobile.lstrip("+"), person.email)
    yield from (born.strftime("%d%m%Y"), born.strftime("%Y%m%d"), born.strftime("%d.%m.%Y"), str(born.year))
    yield person.national_id or ""
    for membership in person.memberships.select_related("policy"):
        yield from (membership.policy.number, membership.participant_number, membership.employee_number)


def password_errors(walk: Walk, password: str, *, personal: Iterable[str]) -> list[FieldError]:
    """What keeps a password from being accepted in this market."""
    found = passwords.problems(password, min_length=walk.profile.password_min_length, personal=personal)
    return [FieldError("password", code, message) for code, message in found]


def hashed(walk: Walk, clean: Facts) -> Facts:
    """A step's check that keeps the hash of the new password, and nothing else of it."""
    return {"password_hash": passwords.hash_password(str(clean["password"]))}


def refuse_taken(walk: Walk, person: Person, contacts: Iterable[tuple[ContactKind, str]]) -> None:
    """Raises Refused where another person's account holds one of these contact points."""
    errors = [
        FieldError(kind, "taken", taken_message(walk, kind))
        for kind, value in contacts
        if (holder := holder_of(walk.journey.market, kind, value)) is not None and holder.person_id != person.pk
    ]
    if errors:
        raise Refused(*errors)


def taken(walk: Walk, error: ContactTaken) -> Refused:
    """The same answer, for the race that the database settled."""
    return Refused(FieldError(error.kind, "taken", taken_message(walk, error.kind)))


def taken_message(walk: Walk, kind: ContactKind) -> Text:
    """What to do about a contact point that another account holds."""
    if kind == "mobile":
        return _("Another account already uses this mobile number. Go back and enter another one.")
    if walk.is_vouched:  # the page of a link asks for no e-mail: there is nothing to go back to
        return _("Another account already uses your e-mail address. Please contact our support.")
    return _("Another account already uses this e-mail address. Go back and enter another one.")
