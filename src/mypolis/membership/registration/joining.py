"""The last step of every registration: open the account, or say that there is already one."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.journeys.definitions.errors import Gone
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Walk
from mypolis.membership.accounts.contact_points.flows import ContactTaken, NewContact
from mypolis.membership.accounts.flows import AlreadyRegistered, create_account
from mypolis.membership.accounts.forms import refuse_taken, taken
from mypolis.membership.accounts.models import Account
from mypolis.membership.consents.forms import give_consents
from mypolis.membership.people.models import Person


def join(
    walk: Walk,
    person: Person,
    contacts: Sequence[NewContact],
    *,
    asked_at: str = "identity",
    ticked_at: Iterable[str] = ("identity",),
    username: str | None = None,
) -> Account | None:
    """Open the account of a person with the contact points that the journey proved; None when there is one already.

    `asked_at` is the step that asked for the password; `ticked_at` are the steps with consents. Raises Refused
    (`taken`) when another account holds one of the contact points, even if it is not proven here yet.
    """
    if hasattr(person, "account"):
        return None
    refuse_taken(walk, person, [(contact.kind, contact.value) for contact in contacts])
    try:
        account = create_account(
            person=person,
            password_hash=str(walk.fact(asked_at, "password_hash")),
            language=walk.journey.language,
            contacts=contacts,
            by=walk.by,
            username=username,
        )
    except AlreadyRegistered:
        return None
    except ContactTaken as error:
        raise taken(walk, error) from None
    give_consents(walk, account, steps=ticked_at)
    return account


def already_registered() -> Outcome:
    """The last page for a person who already has an account."""
    return Outcome(
        result={"next": "signin"},
        title=_("You already have an account"),
        text=_("Sign in, or ask for a new password if you have forgotten yours."),
    )


def dead_link(state: str) -> Gone:
    """The error for a personal link that is `used`, `voided`, `expired` or `unknown`. A used one leads to sign-in."""
    code, message = f"invitation-{state}", _("This link is no longer valid.")
    if state == "used":
        text = _("This link has already been used. You have an account: please sign in.")
        return Gone(code, message, text=text, label=_("Sign in"), go_to="signin")
    text = _("This link is no longer valid. You can sign up without a link, or ask for a new one.")
    return Gone(code, message, text=text, label=_("Sign up without a link"), go_to="register")
