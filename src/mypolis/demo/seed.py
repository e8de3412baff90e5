"""Creates the sample people in the same way as an insurer would: lists are loaded, accounts are opened."""

import csv
import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from mypolis.demo.cast import EMPLOYERS, Member, members, more_policies
from mypolis.demo.models import SamplePerson
from mypolis.demo.samples.claims import seed_claims
from mypolis.demo.samples.colleagues import seed_colleagues
from mypolis.demo.samples.cover import seed_cover
from mypolis.demo.samples.desk_days.seeding import seed_desk_day
from mypolis.demo.samples.guarantees import seed_guarantees
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.rooms import declared
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.flows import create_account
from mypolis.membership.accounts.usernames.generated_usernames import reserve_username
from mypolis.membership.family.access import covers_seen
from mypolis.membership.family.flows import accept, offer
from mypolis.membership.people.flows import ensure_employer
from mypolis.membership.people.match_keys import name_key
from mypolis.membership.people.models import Person
from mypolis.membership.roster.flows import load
from mypolis.membership.roster.models import Invitation


def seed() -> None:
    """Load the sample people, colleagues and plans of every served market; what is there already is not changed."""
    for profile in all_markets().values():
        if not SamplePerson.objects.filter(market=profile.code).exists():
            _seed_market(profile)
        seed_colleagues(profile)
        seed_cover(profile)
        seed_claims(profile)
        seed_desk_day(profile)
        seed_guarantees(profile)
        for fill in declared("demo_data"):
            fill(profile)


@transaction.atomic
def _seed_market(profile: Profile) -> None:
    people = members(profile.code, profile.today())
    for key in sorted({member.employer for member in people if member.employer}):
        employer = ensure_employer(market=profile.code, key=key, by=SYSTEM)
        employer.name = EMPLOYERS[key]
        employer.save(update_fields=["name"])
    for (company, invited), rows in groupby(sorted(people, key=_list_of), key=_list_of):
        _load_list(list(rows), profile, employer=company or None, invited=invited)
    if more := more_policies(people):
        _load_list(more, profile, employer=None, invited=False)
    for member in people:
        person = _person(member)
        SamplePerson.objects.create(person=person, market=profile.code, label=member.label, password=member.password)
        if member.password:
            _open_account(person, member.password, profile)
        elif not member.invited:
            _let_a_link_pass(person, profile)
    _let_one_see_another([_person(member) for member in people if member.password], profile)


def _list_of(member: Member) -> tuple[str, bool]:
    """A member's list: one list per employer, and a second one for members who are invited."""
    return member.employer or "", member.invited


def _load_list(rows: Sequence[Member], profile: Profile, *, employer: str | None, invited: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].cells)
            writer.writeheader()
            writer.writerows(row.cells for row in rows)
        report = load(market=profile.code, path=path, employer=employer, invite_new=invited, by=SYSTEM)
    if report.rejected:
        raise RuntimeError(f"the sample list of {profile.code} has bad rows: {report.errors}")


def _person(member: Member) -> Person:
    cells = member.cells
    names = (cells["surname"], cells["given_name"], cells.get("patronymic", ""))
    return Person.objects.get(
        market=member.market, name_key=name_key(member.market, *names), birth_date=cells["birth_date"]
    )


def _open_account(person: Person, password: str, profile: Profile) -> None:
    contacts = [NewContact("email", person.email, confirmed=True)]
    if profile.signin.name == "mobile":
        contacts.append(NewContact("mobile", person.mobile, confirmed=True))
    create_account(
        person=person,
        password_hash=hash_password(password),
        language=profile.default_language,
        contacts=contacts,
        username=reserve_username(profile.code) if profile.uses_usernames else None,
        by=SYSTEM,
    )


def _let_one_see_another(registered: Sequence[Person], profile: Profile) -> None:
    """The second person with an account gives the first access to their cover, who uses it; the third offers it."""
    first, second, third = (person.account for person in registered[:3])
    for giver in (second, third):
        mandate = offer(
            giver=giver,
            kind="email",
            contact=first.person.email,
            birth_date=first.person.birth_date,
            until=None,
            by=SYSTEM.as_member(giver.pk),
        )
        if giver is second:
            accept(proxy=first, mandate_id=mandate.pk, by=SYSTEM.as_member(first.pk))
    covers_seen(first, str(second.person_id), what="cover", by=SYSTEM.as_member(first.pk))


def _let_a_link_pass(person: Person, profile: Profile) -> None:
    """Give the person an expired invitation link: the daily job skips such people, so they stay `new`."""
    membership = person.memberships.in_force_on(profile.today()).first()
    if not profile.sends_invitations or membership is None:
        return
    now = timezone.now()
    Invitation.objects.create(
        person=person,
        policy=membership.policy,
        email_key=person.email_key,
        token_hash=hash_token(new_token()),
        sent_at=now - profile.invitation_life,
        expires_at=now,
    )
