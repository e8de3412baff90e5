"""Shared by journeys about accounts: setting a new password, and refusing a contact point of another account."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.factors.passwords import password_rules
from mypolis.foundation.journeys.definitions.answers import ENTRY, Facts, FieldError
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.steps import StepForm, Walk
from mypolis.foundation.markets.profile import ContactKind, Text
from mypolis.foundation.web.form_fields.date_field import BirthDateField
from mypolis.foundation.web.form_fields.fields import DrawnField, PasswordField
from mypolis.membership.accounts.contact_points.flows import ContactTaken, holders_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Person


class NewPasswordForm(StepForm):
    """A new password, typed twice. The step's check judges how easy it is to guess: see `new_hash`."""

    password = PasswordField(label=_("Password"), new=True)
    password_repeat = PasswordField(label=_("Repeat password"), new=True)

    def arrange(self) -> None:
        """Add the market's password rules: beside the field for people and the page's script, in its help for apps."""
        super().arrange()
        show_password_rules(self, least=self.walk.profile.password_min_length)

    def clean(self) -> dict[str, Any]:
        """Check that both are the same and long enough; these checks cost nothing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, repeat = cleaned.get("password"), cleaned.get("password_repeat")
        if password and repeat and password != repeat:
            differ = _("The two passwords differ. Please type the same one twice.")
            self.add_error("password_repeat", forms.ValidationError(differ, "mismatch"))
        if password:
            for code, message in password_rules.length_problems(password, least=self.walk.profile.password_min_length):
                self.add_error("password", forms.ValidationError(message, code))
        return cleaned


def show_password_rules(form: forms.Form, *, least: int) -> None:
    """Add the password rules to a form: beside the field for people and the page's script, in its help for apps."""
    password, repeat = form.fields["password"], form.fields["password_repeat"]
    if isinstance(password, PasswordField) and isinstance(repeat, PasswordField):
        password.hints, password.measures = (
            password_rules.hints(min_length=least),
            password_rules.measures(min_length=least),
        )
        password.help_text = "; ".join(str(hint.text) for hint in password.hints)
        repeat.same_as = form["password"].id_for_label


def own_words(person: Person) -> Iterable[str]:
    """Names, dates, numbers and contact points of a person on file that somebody might use in a password."""
    yield from (person.surname, person.given_name, person.patronymic, person.mobile.lstrip("+"), person.email)
    yield from _written(person.birth_date)
    yield person.national_id or ""
    for membership in person.memberships.select_related("policy"):
        yield from (membership.policy.number, membership.participant_number, membership.employee_number)


def new_hash(walk: Walk, clean: Facts) -> str:
    """The hash of a step's new password. Raises Refused when it is easy to guess.

    It runs the strength meter and one hash, so call it after the captcha and the address limit. The password is
    compared with the other fields of the page. It is compared with data on file only after a code was entered;
    before that, the answer would reveal to a stranger what is on file.
    """
    password = str(clean["password"])
    personal = [*_typed_words(walk, clean), *(_words_on_file(walk) if walk.has_proof else ())]
    found = password_rules.problems(password, min_length=walk.profile.password_min_length, personal=personal)
    if found:
        raise Refused(*(FieldError("password", code, message) for code, message in found))
    return password_rules.hash_password(password)


def hashed(walk: Walk, clean: Facts) -> Facts:
    """A step's check that stores only the hash of the new password."""
    return {"password_hash": new_hash(walk, clean)}


def _typed_words(walk: Walk, clean: Facts) -> Iterable[str]:
    """The values of the page's other fields, which somebody might use in a password."""
    fields = walk.current.form.base_fields if walk.current else {}
    for name, value in clean.items():
        field = fields.get(name)
        if not isinstance(value, str) or not isinstance(field, DrawnField) or field.secret:
            continue
        if isinstance(field, BirthDateField) and value:
            yield from _written(date.fromisoformat(value))
        else:
            yield value.lstrip("+")


def _words_on_file(walk: Walk) -> Iterable[str]:
    """The personal words of the person whose identity the journey has proven: a member or a future member."""
    account = walk.row("identity", "account") or walk.row("credentials", "account")
    if account:
        return words_of(Account.objects.select_related("person").get(pk=account))
    person = Person.objects.filter(pk=walk.row("identity", "person") or walk.row(ENTRY, "person")).first()
    return own_words(person) if person is not None else ()


def words_of(account: Account) -> Iterable[str]:
    """The personal words of a member: those of the person, and the account's contact points and usernames."""
    yield from own_words(account.person)
    yield from (point.value.lstrip("+") for point in account.contact_points.all())
    yield from (name.value for name in account.usernames.all())


def _written(day: date) -> Iterable[str]:
    """A date in the forms in which people write it."""
    yield from (day.strftime("%d%m%Y"), day.strftime("%Y%m%d"), day.strftime("%d.%m.%Y"), str(day.year))


def refuse_taken(walk: Walk, person: Person, contacts: Iterable[tuple[ContactKind, str]]) -> None:
    """Raises Refused when another person's account holds one of these contact points.

    Checks each once per request. Database constraints settle races.
    """
    free: set[tuple[ContactKind, str]] = walk.found.setdefault("free", set())
    values = {kind: value for kind, value in contacts if (kind, value) not in free}
    if not values:
        return
    holders = holders_of(walk.journey.market, values)
    errors = [
        FieldError(kind, "taken", taken_message(walk, kind))
        for kind in values
        if kind in holders and holders[kind].person_id != person.pk
    ]
    if errors:
        raise Refused(*errors)
    free.update(values.items())


def taken(walk: Walk, error: ContactTaken) -> Refused:
    """The same refusal, for a race that a database constraint settled."""
    return Refused(FieldError(error.kind, "taken", taken_message(walk, error.kind)))


def taken_message(walk: Walk, kind: ContactKind) -> Text:
    """The text that says what to do about a contact point of another account."""
    if kind == "mobile":
        return _("Another account already uses this mobile number. Go back and enter another one.")
    if walk.is_vouched:  # the page behind an invitation link has no e-mail field to go back to
        return _("Another account already uses your email address. Please contact our support.")
    return _("Another account already uses this email address. Go back and enter another one.")
