"""The invented people of the benchmarks: on file, with or without an account."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.flows import create_account
from mypolis.membership.accounts.models import OneTimeCode
from mypolis.membership.accounts.usernames.generated_usernames import reserve_username
from mypolis.membership.people.models import Membership, Person, Policy

PASSWORD = "seven quiet herons over Sava"
BIRTH_DATE = date(1988, 3, 14)


@dataclass(frozen=True)
class Member:
    """Somebody with an account: the name for signing in, and the address for codes."""

    market: str
    name: str
    code_to: str


def put_on_file(market: str, number: int) -> Person:
    """Create the n-th person of this market, covered by a group policy."""
    policy, _new = Policy.objects.get_or_create(
        market=market, type="group", number_key="BENCH1", defaults={"number": "BENCH-1", "start": date(2020, 1, 1)}
    )
    person = Person(
        market=market,
        given_name=f"Ana{number}",
        surname="Primer",
        birth_date=BIRTH_DATE,
        mobile=f"+7916{number:07}" if market == "ru" else "",
        email=f"ana{number}@example.test",
    )
    person.write_keys()
    person.save()
    card = f"{number:06}"
    Membership.objects.create(
        policy=policy,
        person=person,
        participant_number=card,
        participant_key=fold_reference(card),
        start=date(2020, 1, 1),
    )
    return person


def make_members(market: str, count: int, *, first: int = 1) -> list[Member]:
    """Create members with the same password, so that only one hash is computed."""
    password_hash = hash_password(PASSWORD)
    return [_make_member(market, number, password_hash) for number in range(first, first + count)]


def end_waits() -> None:
    """Delete codes that were sent but never entered; otherwise a member's next code would have to wait."""
    OneTimeCode.objects.filter(used_at=None).delete()


def newest_code(to: str) -> str:
    """Return the code in the newest message, which must be for this recipient."""
    message = Message.objects.filter(template="code").latest("created_at")
    if message.to != to:
        raise RuntimeError("the newest code went to somebody else")
    return str(cast("dict[str, str]", message.context)["code"])


def _make_member(market: str, number: int, password_hash: str) -> Member:
    profile = profile_of(market)
    person = put_on_file(market, number)
    username = reserve_username(market) if profile.uses_usernames else None
    contacts = [NewContact("email", person.email, confirmed=True)]
    if person.mobile:
        contacts.append(NewContact("mobile", person.mobile, confirmed=True))
    create_account(
        person=person,
        password_hash=password_hash,
        language=profile.default_language,
        contacts=contacts,
        by=SYSTEM,
        username=username,
    )
    names = {"email": person.email, "mobile": person.mobile, "username": username or ""}
    to = person.mobile if profile.signin.code_by == "sms" else person.email
    return Member(market, names[profile.signin.name], to)
