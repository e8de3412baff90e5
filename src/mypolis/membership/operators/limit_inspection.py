"""Shows and lifts the limits that block a person, found by what the person typed.

Subjects must be spelled here exactly as the journeys spell them. A test uses up each limit and looks it up here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from itertools import product

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.guards.flows import all_used, forget, of_address
from mypolis.foundation.guards.limits import Limit, all_limits
from mypolis.foundation.journeys.limits import NEW_JOURNEYS
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.text.folding import fold_reference, fold_username
from mypolis.foundation.markets import Profile, market
from mypolis.foundation.markets.profile import Channel, ContactKind
from mypolis.foundation.notices.catalogue import catalogue
from mypolis.foundation.rooms import extensions
from mypolis.membership.accounts.codes.code_targets import Proof
from mypolis.membership.accounts.limits import (
    APP_CODE_TRIES,
    CODE_TRIES,
    NOTICES,
    PASSWORD_TRIES,
    RECOVERY_MAILS,
    codes_per_day,
)
from mypolis.membership.accounts.models import Account, contact_key
from mypolis.membership.family.limits import (
    CLAIM_CONSENT_REQUESTS,
    CLAIM_CONSENT_REQUESTS_TO_ONE,
    MANDATE_OFFERS,
    MANDATE_OFFERS_TO_ONE,
)
from mypolis.membership.operators.event_kinds import OperatorEvent
from mypolis.membership.operators.operator_lookup import find_people, mobile_in, national_id_in
from mypolis.membership.people.models import Person
from mypolis.membership.registration.limits import FAILED_MATCHES
from mypolis.membership.signin.limits import RECOVERIES

PROOFS: dict[Proof, str] = {
    "none": "recovery on unknown devices",
    "match": "registration",
    "elsewhere": "registration with another contact than the one on file",
    "link": "registration by a link",
    "new": "a new contact of a member",
    "password": "sign-in on unknown devices",
}


@dataclass(frozen=True)
class Counted:
    """A limit and one of its subjects. `whose` describes what is counted, without naming anybody."""

    limit: Limit
    subject: str
    whose: str


@dataclass(frozen=True)
class Block:
    """A limit in use: `count` uses, counted until `until`. It `blocks` when no use is left."""

    counted: Counted
    count: int
    until: datetime

    @property
    def blocks(self) -> bool:
        """Whether the next use is refused."""
        return self.count >= self.counted.limit.most


def blocks(profile: Profile, typed: str) -> list[Block]:
    """Every limit in use for what somebody typed (an e-mail, a mobile, a username, a national id) or their address."""
    found = {(counted.limit.name, counted.subject): counted for counted in _all_counted(profile, typed.strip())}
    return _in_use(profile, found.values())


def blocks_of(person: Person) -> list[Block]:
    """Every limit in use for a person on file: their contacts, account and covers; those that block come first."""
    profile = market(person.market)
    found = {(counted.limit.name, counted.subject): counted for counted in _all_of(profile, person)}
    return sorted(_in_use(profile, found.values()), key=lambda block: (not block.blocks, block.counted.limit.name))


def _in_use(profile: Profile, found: Collection[Counted]) -> list[Block]:
    tallies = all_used([(counted.limit, counted.subject) for counted in found], market=profile.code)
    pairs = zip(found, tallies, strict=True)
    return [Block(counted, *tally) for counted, tally in pairs if tally is not None]


@transaction.atomic
def lift(profile: Profile, typed: str, *, by: Actor) -> list[Block]:
    """Reset every limit in use for what was typed, and record an event for each. Returns the limits that were reset."""
    return _lift(profile, blocks(profile, typed), by=by)


@transaction.atomic
def lift_of(person: Person, *, by: Actor) -> list[Block]:
    """Reset every limit in use for a person on file, and record an event for each. Returns those that were reset."""
    return _lift(market(person.market), blocks_of(person), by=by)


def _lift(profile: Profile, found: list[Block], *, by: Actor) -> list[Block]:
    for block in found:
        forget(block.counted.limit, block.counted.subject, market=profile.code)
        record(
            OperatorEvent.LIMIT_LIFTED, market=profile.code, by=by, limit=block.counted.limit.name, count=block.count
        )
    return found


def _all_counted(profile: Profile, typed: str) -> Iterator[Counted]:
    if _is_address(typed):
        yield from _of_address(typed)
        return
    mobile, national_id = mobile_in(typed, profile), national_id_in(typed)
    yield from _of_name(profile, fold_username(mobile or typed))
    yield from _of_contact(typed, mobile)
    yield Counted(FAILED_MATCHES, f"jmbg:{national_id}", "matches of this national id")
    yield Counted(RECOVERIES, f"jmbg:{national_id}:unknown", "recoveries of this national id")
    for person in find_people(profile, typed):
        yield from _of_person(person)
        account = getattr(person, "account", None)
        if account is not None:
            yield from _of_account(account)


def _all_of(profile: Profile, person: Person) -> Iterator[Counted]:
    """What is counted for a person on file, under everything that they may have typed."""
    account: Account | None = getattr(person, "account", None)
    points = [(point.kind, point.value) for point in account.contact_points.all()] if account is not None else []
    for kind, value in {*points, ("email", person.email), ("mobile", person.mobile)}:
        if value:
            yield from _of_name(profile, fold_username(value))
            yield from _of_contact(value, value if kind == "mobile" else "")
    yield from _of_person(person)
    if account is not None:
        yield from _of_account(account)


def _of_address(typed: str) -> Iterator[Counted]:
    for limit in (limit for limit in all_limits() if limit.per_address):
        yield Counted(*of_address(limit, typed), "this address")


def _of_name(profile: Profile, name: str, device: str = "unknown") -> Iterator[Counted]:
    """What is counted for a sign-in name."""
    where = "unknown devices" if device == "unknown" else "a known device"
    yield Counted(PASSWORD_TRIES, f"{contact_key('email', name)}:{device}", f"passwords of this name, {where}")
    yield Counted(RECOVERIES, f"{name}:{device}", f"recoveries of this name, {where}")
    if device == "unknown":
        yield Counted(CODE_TRIES, f"claim:{name}:none", "codes of this name, unknown devices")
        for subject in (f"none:claim:{name}", f"none:nobody:claim:{name}"):
            yield Counted(codes_per_day(profile.signin.code_by), subject, "codes sent to recover this name")


def _of_contact(typed: str, mobile: str) -> Iterator[Counted]:
    if mobile:
        for proof, where in PROOFS.items():
            yield Counted(codes_per_day("sms"), f"{proof}:{mobile}", f"codes sent to this number, {where}")
        yield _offers_to("mobile", mobile)
        yield Counted(FAILED_MATCHES, f"mobile:{mobile}", "matches of this number")
    if "@" in typed:
        for value, proof in product({typed, fold_email(typed)}, PROOFS):
            yield Counted(codes_per_day("email"), f"{proof}:{value}", f"codes sent to this address, {PROOFS[proof]}")
        for limit in (FAILED_MATCHES, RECOVERIES):
            yield Counted(limit, f"email:{fold_email(typed)}", "matches of this e-mail")
        yield _offers_to("email", typed)


def _offers_to(kind: ContactKind, value: str) -> Counted:
    return Counted(MANDATE_OFFERS_TO_ONE, contact_key(kind, value), "mails about offers to this contact point")


def _of_person(person: Person) -> Iterator[Counted]:
    """What is counted for a person on file."""
    subjects = [(f"person:{person.pk}", "match"), (f"person:{person.pk}", "elsewhere")]
    subjects += [(f"invitation:{key}", "link") for key in _invitations(person)]
    channels: tuple[Channel, ...] = ("sms", "email")
    for channel, (subject, proof) in product(channels, subjects):
        yield Counted(codes_per_day(channel), f"{proof}:{subject}", "codes sent to this person")
        contact = person.mobile if channel == "sms" else person.email
        for step in ("code", "email-code"):
            key = f"register:{step}:{subject}:{contact}:{proof}"
            yield Counted(CODE_TRIES, key, "codes of this person's registration")
    for invitation in _invitations(person):
        yield Counted(NEW_JOURNEYS, f"invitation:{invitation}", "journeys begun with this person's link")
    yield Counted(CLAIM_CONSENT_REQUESTS_TO_ONE, str(person.pk), "requests to claim for this person")
    yield Counted(FAILED_MATCHES, f"person:{person.pk}", "matches of this person's link")
    yield Counted(FAILED_MATCHES, f"name:{person.name_key}:{person.birth_date}", "matches of this name and day")
    if person.national_id:
        yield Counted(FAILED_MATCHES, f"jmbg:{person.national_id}", "matches of this national id")
        yield Counted(RECOVERIES, f"jmbg:{person.national_id}:unknown", "recoveries of this national id")
    for membership in person.memberships.all():
        numbers = f"{membership.policy.number_key}:{fold_reference(membership.participant_number)}"
        for limit in (FAILED_MATCHES, RECOVERIES):
            yield Counted(limit, f"card:{membership.policy.type}:{numbers}", "matches of this person's card")
        for counted_for in extensions("operators.counted_for_membership"):
            yield from counted_for(membership)


def _of_account(account: Account) -> Iterator[Counted]:
    """What is counted for a member, on each known device and on unknown ones."""
    profile = account.profile
    devices = ("unknown", *(str(key) for key in account.devices.values_list("pk", flat=True)))
    names = [point.key for point in account.contact_points.all()] + [name.value for name in account.usernames.all()]
    yield Counted(MANDATE_OFFERS, str(account.pk), "offers of this member to see their cover")
    yield Counted(CLAIM_CONSENT_REQUESTS, str(account.pk), "this member's requests to claim for relatives")
    for template in catalogue():
        yield Counted(NOTICES, f"{account.pk}:{template}", f"notices to this member: {template}")
    for template, device in product(("temporary-password", "username"), devices):
        counted = f"{template}:account:{account.pk}:{device}"
        yield Counted(RECOVERY_MAILS, counted, "mails that recover this account")
    yield from _codes_of(account, [device for device in devices if device != "unknown"])
    for device in devices:
        where = "unknown devices" if device == "unknown" else "a known device"
        new = f"account:{account.pk}:new:{device}"
        yield Counted(CODE_TRIES, new, f"codes to a new contact, or of a new app, of this member, {where}")
        yield Counted(NEW_JOURNEYS, f"device:{device}", "journeys begun on a known device")
        yield Counted(PASSWORD_TRIES, f"account:{account.pk}:{device}", f"the member's present password, {where}")
        for name in names:
            yield from _of_name(profile, name, device)


def _codes_of(account: Account, devices: list[str]) -> Iterator[Counted]:
    """What is counted for the member's codes: for each proof and each known device."""
    budgets = [*PROOFS.items(), *((f"device:{device}", "a known device") for device in devices)]
    channels: tuple[Channel, ...] = ("sms", "email")
    for budget, where in budgets:
        for channel in channels:
            subject = f"{budget}:account:{account.pk}"
            yield Counted(codes_per_day(channel), subject, f"codes sent to this member, {where}")
        for point in account.contact_points.all():
            a_day = codes_per_day("email" if point.kind == "email" else "sms")
            yield Counted(a_day, f"{budget}:{point.value}", f"codes sent to a contact point, {where}")
        tries = f"account:{account.pk}:{budget.removeprefix('device:')}"
        yield Counted(CODE_TRIES, tries, f"codes of this member, {where}")
        yield Counted(APP_CODE_TRIES, tries, f"codes of this member's app, {where}")


def _invitations(person: Person) -> list[int]:
    return list(person.invitations.pending().values_list("pk", flat=True))


def _is_address(typed: str) -> bool:
    try:
        ip_address(typed)
    except ValueError:
        return False
    return True
