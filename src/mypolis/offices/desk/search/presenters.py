"""A person in a list of results: enough to recognise them, and nothing that anybody could copy."""

from dataclasses import dataclass

from mypolis.foundation.lib.phones import mask_phone
from mypolis.foundation.lib.text.masking import mask_email, mask_tail
from mypolis.foundation.markets import Profile
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import CoverStatus, Person


@dataclass(frozen=True)
class Result:
    """A row of results. `contact` and `policy` are masked, and empty if there is none."""

    key: int
    name: str
    born: int
    contact: str
    policy: str
    cover: CoverStatus | None
    has_account: bool


def result_of(person: Person, profile: Profile) -> Result:
    """A person who was found, as the list shows them: with the newest cover, and the e-mail before the mobile."""
    covers, account = list(person.memberships.all()), getattr(person, "account", None)
    states = {row.status_on(profile.today()) for row in covers}
    order: tuple[CoverStatus, ...] = ("active", "future", "ended")
    return Result(
        key=person.pk,
        name=person.display_name,
        born=person.birth_date.year,
        contact=_contact(person, account),
        policy=mask_tail(covers[0].policy.number) if covers else "",
        cover=next((state for state in order if state in states), None),
        has_account=account is not None,
    )


def _contact(person: Person, account: Account | None) -> str:
    """The contact point with which the account signs in, or else the one on file; masked."""
    email, mobile = person.email, person.mobile
    if account is not None:
        own_email, own_mobile = account.contact("email"), account.contact("mobile")
        email, mobile = (own_email.value if own_email else email), (own_mobile.value if own_mobile else mobile)
    if email:
        return mask_email(email)
    return mask_phone(mobile) if mobile else ""
