"""What the first pages of several markets share: a new password, consents, what to do with a finished match."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mypolis.accounts import passwords
from mypolis.accounts.flows import ContactTaken, holder_of
from mypolis.accounts.models import Account
from mypolis.consents.documents import Document, document
from mypolis.consents.flows import give
from mypolis.guards import captcha
from mypolis.journeys.errors import FieldError, Refused
from mypolis.journeys.forms import StepForm
from mypolis.journeys.steps import ENTRY
from mypolis.journeys.walk import Outcome, Walk
from mypolis.markets.profile import ContactKind, Text
from mypolis.people.models import Person
from mypolis.web.fields import CaptchaField, ConsentField, PasswordField


class DocumentsForm(StepForm):
    """A form with consents: each tick knows its document."""

    def arrange(self) -> None:
        """Point every consent at its document in the language of the page."""
        super().arrange()
        self.documents: list[Document] = []
        market = self.walk.journey.market
        for field in self.fields.values():
            if isinstance(field, ConsentField):
                text = document(market, field.document, get_language() or "")
                field.document_url = reverse("legal", args=[market, field.document])
                field.document_title = text.title
                self.documents.append(text)


class NewPasswordForm(StepForm):
    """A new password, typed twice, judged against what is known of the person."""

    password = PasswordField(label=_("Password"), new=True)
    password_repeat = PasswordField(label=_("Repeat password"), new=True)

    def clean(self) -> dict[str, Any]:
        """Both the same, long enough, not guessable, not built from the person's own data."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password, repeat = cleaned.get("password"), cleaned.get("password_repeat")
        if password and repeat and password != repeat:
            self.add_error("password_repeat", forms.ValidationError(_("The two passwords differ."), "mismatch"))
        if password:
            least = self.walk.profile.password_min_length
            for code, message in passwords.problems(password, min_length=least, personal=self.personal(cleaned)):
                self.add_error("password", forms.ValidationError(message, code))
        return cleaned

    def personal(self, cleaned: dict[str, Any]) -> Iterable[str]:
        """The person's own words that must not make up the password: what was typed beside it, and the file's."""
        yield from (str(value) for name, value in cleaned.items() if value and not name.startswith("password"))
        person_id = self.walk.row("identity", "person") or self.walk.row(ENTRY, "person")
        person = Person.objects.filter(pk=person_id).first() if person_id else None
        if person is not None:
            yield from own_words(person)


class CaptchaForm(StepForm):
    """A form that asks for a proof of work, or of patience where scripts are off."""

    captcha = CaptchaField()

    def arrange(self) -> None:
        """Give the page where to fetch a challenge, and the signed form for people without script."""
        super().arrange()
        field = self.fields["captcha"]
        if isinstance(field, CaptchaField):
            field.challenge_url = reverse("api:captcha", args=[self.walk.journey.market])
            field.signed_form = captcha.signed_form(self.walk.journey.market)


def own_words(person: Person) -> Iterable[str]:
    """Names, dates, numbers and contact points of a person on file, as somebody might build a password of them."""
    born = person.birth_date
    yield from (person.surname, person.given_name, person.patronymic, person.mobile.lstrip("+"), person.email)
    yield from (born.strftime("%d%m%Y"), born.strftime("%Y%m%d"), born.strftime("%d.%m.%Y"), str(born.year))
    yield person.national_id or ""


def require_human(walk: Walk, payload: object) -> None:
    """Raises Refused when the captcha's proof is wrong, over, or used."""
    if not captcha.is_human(str(payload), market=walk.journey.market, by=walk.by):
        message = _("The confirmation that you are not a robot has expired. Please send the form again.")
        raise Refused(FieldError("captcha", "captcha", message))


def refuse_taken(walk: Walk, person: Person, contacts: Iterable[tuple[ContactKind, str]]) -> None:
    """Raises Refused where another person's account holds one of these contact points."""
    taken = [
        FieldError(kind, "taken", taken_message(kind))
        for kind, value in contacts
        if (holder := holder_of(walk.journey.market, kind, value)) is not None and holder.person_id != person.pk
    ]
    if taken:
        raise Refused(*taken)


def taken(error: ContactTaken) -> Refused:
    """The same answer, for the race that the database settled."""
    return Refused(FieldError(error.kind, "taken", taken_message(error.kind)))


def taken_message(kind: ContactKind) -> Text:
    """What to do about a contact point that another account holds."""
    if kind == "email":
        return _("Another account already uses this e-mail address. Go back and enter another one.")
    return _("Another account already uses this mobile number. Go back and enter another one.")


def already_registered() -> Outcome:
    """The last page of somebody who has an account."""
    return Outcome(
        result={"next": "signin"},
        title=_("You already have an account"),
        text=_("Sign in, or ask for a new password if you have forgotten yours."),
    )


def give_consents(walk: Walk, account: Account, *, step: str, documents: Iterable[str]) -> None:
    """Write the ticks of a step into the ledger; a tick that was left out is not a consent."""
    for key in documents:
        if walk.clean(step, f"accept_{key}") is True:
            give(account=account, document_key=key, language=walk.journey.language, by=walk.by)
