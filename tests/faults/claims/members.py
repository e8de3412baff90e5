"""The invented members who make claims. `insured` runs inside the deployment of the test."""

import json
import random
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.faults.world import World
from tests.files.good_files import document, picture

GRANTED = 120
"""What sending a bill reserves, of the 150 that it asks for, as long as the year's limit has so much left."""
OF_A_YEAR = 1000
"""The year's limit of one member."""


@dataclass(frozen=True)
class Member:
    """A member: the bearer token of their app, and what their claims name."""

    number: int
    token: str
    membership: str
    pay_to: str
    treated_on: str


@dataclass(frozen=True)
class Paper:
    """A file that a member sends. No two have the same bytes."""

    kind: str
    name: str
    content: bytes


def members_of(world: World, count: int) -> tuple[list[Member], str]:
    """Put so many members on file. Returns them, and the token of the core system's program."""
    told = world.script(f"from tests.faults.claims.members import insured\ninsured({count}, '{world.home}')")
    found = json.loads(told.splitlines()[-1])
    return [Member(**one) for one in found["members"]], found["core"]


def papers(seed: int, count: int) -> list[Paper]:
    """Photos and PDFs of some hundred kilobytes; the first is the receipt that a claim needs."""
    dice = random.Random(seed)
    return [_paper(dice, number) for number in range(count)]


def _paper(dice: random.Random, number: int) -> Paper:
    kind, filling = "other" if number else "receipt", dice.randbytes(dice.randrange(50_000, 400_000))
    if dice.random() < 0.5:
        return Paper(kind, f"photo-{number}.jpg", picture((120, 90)) + filling)
    return Paper(kind, f"paper-{number}.pdf", pdf(filling))


def pdf(filling: bytes) -> bytes:
    """A PDF of one page with a stream that holds these bytes, and which nothing draws."""
    return document(lambda made: setattr(made.Root, "Filling", made.make_stream(filling)))


def insured(count: int, home: str) -> None:
    """Put members on file with a plan, a bank account and an open session; print what `members_of` reads."""
    from mypolis.doors.integrations.flows import issue_token  # noqa: PLC0415 - needs Django set up
    from mypolis.foundation.events import SYSTEM  # noqa: PLC0415
    from tests.coverage.books import loaded  # noqa: PLC0415

    loaded(Path(home))
    may = ("claims", "claim-decisions")
    _token, text = issue_token(market="id", partner="core", may=may, life=timedelta(days=2), by=SYSTEM)
    told = {"members": [_member(number) for number in range(count)], "core": text}
    sys.stdout.write(json.dumps(told) + "\n")


def _member(number: int) -> dict[str, Any]:
    from mypolis.foundation.events import Actor  # noqa: PLC0415 - needs Django set up
    from mypolis.membership.accounts.contact_points.flows import NewContact  # noqa: PLC0415
    from mypolis.membership.accounts.flows import create_account  # noqa: PLC0415
    from mypolis.membership.accounts.sessions.devices import sign_in  # noqa: PLC0415
    from tests.cast import BUDI, on_file  # noqa: PLC0415
    from tests.claims.world import bank_account, cover  # noqa: PLC0415

    email = f"member{number}@example.test"
    birth_date = f"{1950 + number // 300}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
    person = on_file(BUDI.but(birth_date=birth_date, email=email, mobile="", participant_number=f"{number:06}"))
    person.memberships.update(plan="gold")
    stranger = Actor("stranger", "", "127.0.0.1", "test")
    contacts = [NewContact("email", email, confirmed=True)]
    account = create_account(person=person, password_hash="!", language="en", contacts=contacts, by=stranger)
    return {
        "number": number,
        "token": sign_in(account=account, known=None, by=stranger).access_token,
        "membership": str(cover(account).pk),
        "pay_to": str(bank_account(account).pk),
        "treated_on": (account.profile.today() - timedelta(days=3)).isoformat(),
    }
