"""Creates members for tests that are not about registration or sign-in: calls the journeys' final flows directly.

`enrol` has the result of a registration, and `admit` that of a sign-in, but they count no limits and send no welcome
mail. Tests about registration, sign-in, messages or limits use `tests.registration.steps`.
"""

from functools import cache

from mypolis.foundation.events import Actor
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.markets import market as profile_of
from mypolis.membership.accounts.contact_points.email_confirmation import ask_to_confirm
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.flows import create_account
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.devices import sign_in
from mypolis.membership.accounts.usernames.generated_usernames import reserve_username
from mypolis.membership.consents.flows import give
from mypolis.membership.people.models import Person
from tests.cast import PASSWORD, Somebody
from tests.doors import ApiDoor, Door

CONSENTS = {"rs": ["privacy"], "id": ["licence"], "ru": ["rules", "personal_data"]}
CALLER = Actor("stranger", address="127.0.0.1")


def enrol(door: Door, somebody: Somebody) -> str:
    """Open the account of somebody on file. Also signs in at the door, if the market's registration does.

    Returns the name for signing in.
    """
    person = Person.objects.filter(market=somebody.market, email=somebody.email).latest("pk")
    username = reserve_username(somebody.market) if profile_of(somebody.market).uses_usernames else None
    account = create_account(
        person=person,
        password_hash=_hash(),
        language=profile_of(somebody.market).default_language,
        contacts=_contacts(somebody),
        by=CALLER,
        username=username,
    )
    for document in CONSENTS[somebody.market]:
        give(account=account, document_key=document, language=account.language, by=CALLER.as_member(account.pk))
    if (address := account.contact("email")) is not None and address.confirmed_at is None:
        ask_to_confirm(point=address, name=person.greeting_name, by=CALLER)
    door.market = somebody.market
    if somebody.market != "rs":
        admit(door, account)
    return {"rs": somebody.email, "id": username or "", "ru": somebody.mobile}[somebody.market]


def admit(door: Door, account: Account) -> None:
    """Open a session at the door, on a new device."""
    headers = door.client.defaults
    caller = Actor("stranger", "", headers.get("REMOTE_ADDR", "127.0.0.1"), headers.get("HTTP_USER_AGENT", ""))
    grant = sign_in(account=account, known=None, by=caller)
    door.market = account.market
    if isinstance(door, ApiDoor):
        door.access, door.device = grant.access_token, grant.device_token
    else:
        door.client.cookies[f"session-{account.market}"] = grant.access_token
        door.client.cookies[f"device-{account.market}"] = grant.device_token


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def _contacts(somebody: Somebody) -> list[NewContact]:
    """Return the contacts that registration confirms, and the others, which it copies from the file."""
    email = NewContact("email", somebody.email, confirmed=somebody.market != "ru")
    mobile = NewContact("mobile", somebody.mobile, confirmed=somebody.market == "ru")
    return [email] if somebody.market == "id" else [mobile, email]
