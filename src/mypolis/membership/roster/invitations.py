"""Invitation links: who gets one, who does not and why, and when a link stops working.

A person gets a link if they have no account, are covered today, and have an e-mail address that did not bounce and
that no other covered person in the market has.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record, record_many
from mypolis.foundation.lib.crypto.tokens import hash_token, new_token
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.notices.flows import row_name, send, withdraw
from mypolis.membership.people.flows import lock_people
from mypolis.membership.people.models import Membership, Person
from mypolis.membership.roster.event_kinds import RosterEvent
from mypolis.membership.roster.models import BouncedAddress, Invitation

type Reason = Literal["no_email", "shared_email", "bounced_email"]

_BATCH = 1_000


class InvitationError(Exception):
    """The link cannot be used; `state` says why: `used`, `expired` or `voided`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True)
class Invited:
    """How many links were sent, and pairs of a person's primary key and the reason why they got none."""

    sent: int = 0
    withheld: tuple[tuple[int, Reason], ...] = ()


@transaction.atomic
def invite(*, market: str, person_ids: Collection[int], by: Actor, again: bool = False) -> Invited:
    """Apply the rule to these persons: void links that are no longer valid, and send missing ones.

    A person with a link for the e-mail on file, with an expired link, or whose address bounced gets another one only
    with `again`. Does nothing in a market that sends no invitations.
    """
    profile = profile_of(market)
    if not profile.sends_invitations:
        return Invited()
    lock_people(market)
    shared = _shared_addresses(profile, person_ids)
    void(_no_longer_valid(profile, person_ids, shared, again=again), market=market, by=by)
    bounced = set() if again else _bounced_addresses(profile, person_ids)
    due, withheld = [], list[tuple[int, Reason]]()
    for person in _without_link(profile, person_ids):
        if not person.email_key:
            withheld.append((person.pk, "no_email"))
        elif person.email_key in shared:
            withheld.append((person.pk, "shared_email"))
        elif person.email_key in bounced:
            withheld.append((person.pk, "bounced_email"))
        else:
            due.append(person)
    _send(due, profile=profile, by=by)
    return Invited(len(due), tuple(withheld))


def invite_due(*, market: str, by: Actor) -> Invited:
    """Apply the rule to everybody whose situation changed: cover began or ended, an address became free or shared."""
    today = profile_of(market).today()
    pending = Q(invitations__in=Invitation.objects.pending())
    candidates = Q(account__isnull=True, pk__in=Person.objects.covered_on(today)) & ~Q(email_key="")
    people = Person.objects.filter(candidates | pending, market=market)
    return invite(market=market, person_ids=set(people.values_list("pk", flat=True)), by=by)


def find_invitation(token: str, market: str) -> Invitation | None:
    """Return the invitation with this token, in any state; None if it is unknown or belongs to another market."""
    found = Invitation.objects.select_related("person", "policy__employer")
    return found.filter(token_hash=hash_token(token), person__market=market).first()


@transaction.atomic
def use_invitation(invitation: Invitation, *, by: Actor) -> None:
    """Mark the link as used. Raises `InvitationError` if it is not open, or was used meanwhile."""
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("person").get(pk=invitation.pk)
    if locked.state != "open":
        raise InvitationError(locked.state)
    locked.used_at = invitation.used_at = timezone.now()
    locked.save(update_fields=["used_at"])
    record(RosterEvent.INVITATION_USED, market=locked.person.market, by=by, subject=locked)


def _shared_addresses(profile: Profile, person_ids: Collection[int]) -> set[str]:
    """Return those addresses of these persons that several people covered today have."""
    addresses = Person.objects.filter(pk__in=person_ids).exclude(email_key="").values("email_key")
    holders = Person.objects.filter(market=profile.code, email_key__in=addresses).covered_on(profile.today())
    counted = holders.order_by().values("email_key").annotate(holders=Count("pk")).filter(holders__gt=1)
    return set(counted.values_list("email_key", flat=True))


def _bounced_addresses(profile: Profile, person_ids: Collection[int]) -> set[str]:
    """Return those addresses of these persons from which an invitation bounced."""
    theirs = Person.objects.filter(pk__in=person_ids).exclude(email_key="").values("email_key")
    rows = BouncedAddress.objects.filter(market=profile.code, email_key__in=theirs)
    return set(rows.values_list("email_key", flat=True))


def _no_longer_valid(
    profile: Profile, person_ids: Collection[int], shared: set[str], *, again: bool
) -> list[Invitation]:
    """Return the links of these persons whose cover ended or address changed, and all links to shared addresses."""
    covered = Person.objects.covered_on(profile.today())
    theirs = Q(person__in=person_ids)
    if not again:
        theirs &= ~Q(person__in=covered) | ~Q(email_key=F("person__email_key"))
    pending = Invitation.objects.pending().filter(person__market=profile.code).select_related("message")
    return list(pending.filter(theirs | Q(person__email_key__in=shared)))


def void(invitations: Sequence[Invitation], *, market: str, by: Actor) -> None:
    """End these links, and withdraw their messages that still wait."""
    now = timezone.now()
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).update(voided_at=now)
    for invitation in invitations:
        if invitation.message is not None:
            withdraw(invitation.message, by=by)
    record_many(RosterEvent.INVITATION_VOIDED, market=market, by=by, subjects=invitations)


def _without_link(profile: Profile, person_ids: Collection[int]) -> list[Person]:
    """Return the persons covered today who have neither an account nor a valid link, with their memberships."""
    today = profile.today()
    in_force = Membership.objects.in_force_on(today).select_related("policy__employer").order_by("start", "pk")
    people = Person.objects.filter(
        ~Exists(Invitation.objects.filter(person=OuterRef("pk"), voided_at__isnull=True)),
        market=profile.code,
        pk__in=person_ids,
        account__isnull=True,
    )
    covered = people.covered_on(today).order_by("pk")
    return list(covered.prefetch_related(Prefetch("memberships", in_force, to_attr="memberships_in_force")))


def _send(people: Sequence[Person], *, profile: Profile, by: Actor) -> None:
    invitations = [_invitation(person, profile=profile, by=by) for person in people]
    Invitation.objects.bulk_create(invitations, batch_size=_BATCH)
    record_many(RosterEvent.INVITATION_SENT, market=profile.code, by=by, subjects=invitations)


def _invitation(person: Person, *, profile: Profile, by: Actor) -> Invitation:
    """Make a new link and its message; the invitation is not saved yet."""
    membership: Membership = person.memberships_in_force[0]  # type: ignore[attr-defined]
    policy, token, now = membership.policy, new_token(), timezone.now()
    message = send(
        market=profile.code,
        channel="email",
        to=person.email,
        template="invitation",
        language=person.language or profile.default_language,
        context={
            "name": person.greeting_name,
            "policy_number": policy.number,
            "url": f"{settings.MYPOLIS.public_url.rstrip('/')}/{profile.code}/i/{token}",
            "days": profile.invitation_life.days,
            "employer": policy.employer.name if policy.employer is not None else "",
        },
        by=by,
        whose=row_name(person),
    )
    return Invitation(
        person=person,
        policy=policy,
        email_key=person.email_key,
        token_hash=hash_token(token),
        message=message,
        sent_at=now,
        expires_at=now + profile.invitation_life,
    )
