"""Which other people a member may see, and in which role. Other rooms must check access through this module only.

people_seen_by(account)                                       everybody, for lists
may_see(account, key, "card")                                 one access check; records nothing
covers_seen(account, key, what="card", by=…)                  the memberships themselves; records the viewing
covers_by_membership(account, membership, what="card", by=…)  the same, for a URL that names a membership
claimable(account)                                            everybody for whom the member may claim, with their covers
may_claim(account, membership)                                one of them, by a membership; records nothing
giver_of(basis)                                               who gave the mandate under which a claim was made
given_by(account, bases)                                      which of these mandates the member gave
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.markets.profile import Text
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.event_kinds import FamilyEvent
from mypolis.membership.family.models import ClaimConsent, Mandate, Privacy, Viewing
from mypolis.membership.family.relations.relation_names import RELATIONS
from mypolis.membership.family.relations.rules import (
    LATE_CLAIMS,
    SeenAs,
    Sight,
    What,
    comes_of_age,
    in_notice_period,
    may,
    may_claim_through,
    sight_of_relative,
)
from mypolis.membership.people.models import HOLDERS, CoverStatus, Membership, MembershipQuerySet, Person

type ClaimRole = Literal["self", "parent", "proxy", "consent"]

_VIEWED_AS: dict[What, What] = {"card": "card", "card_changes": "card", "claims": "claims"}
_VIEWING = """
    INSERT INTO family_viewing (person_id, viewer_id, seen_as, what, minute, at)
    VALUES (%(person)s, %(viewer)s, %(seen_as)s, %(what)s, %(minute)s, %(at)s)
    ON CONFLICT (person_id, viewer_id, what, minute) DO NOTHING RETURNING id
"""


class NotSeen(Exception):
    """The person does not exist, or this member may not see them. The caller cannot tell which."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A person whom a member may see. Fields that `sight` does not allow are empty.

    `relation` is the relation on the member's policy; it is empty for the giver of a mandate who is not a relative.
    `covers` are the memberships that the member may open, or whose state they may know; they are not loaded for
    givers in a list. `of_age_on` is set during the notice period. `until` is the last day of the mandate.
    """

    person: Person
    seen_as: SeenAs
    sight: Sight
    relation: str = ""
    has_account: bool = False
    covers: tuple[Membership, ...] = ()
    of_age_on: date | None = None
    mandate: Mandate | None = None

    @property
    def key(self) -> str:
        """The identifier of the person in pages and the API."""
        return str(self.person.pk)

    @property
    def relation_label(self) -> Text:
        """The relation in words."""
        return RELATIONS.get(self.relation, "")

    def may(self, what: What) -> bool:
        """Whether the member may open or do this."""
        return may(self.seen_as, self.sight, what, self.mandate.scopes if self.mandate else ())

    def state_on(self, day: date) -> CoverStatus | None:
        """The state of the cover, `active` before `future`; None for neither, or if the member may not know it."""
        states = {row.status_on(day) for row in self.covers}
        return "active" if "active" in states else "future" if "future" in states else None


@dataclass(frozen=True, kw_only=True)
class Claimable:
    """A person for whom a member may claim, in which role, and for which covers.

    `memberships` have begun; those that ended are included for as long as claims make sense. Their policies are loaded.
    `mandate` is set for a proxy, `consent` for a relative who consented by a link. These members see only claims that
    were made under one of `bases`: ids of the consent, or of the mandate and of those that it continues. For the member
    and for a child, `bases` is empty: all their claims.
    """

    person: Person
    role: ClaimRole
    memberships: tuple[Membership, ...]
    mandate: Mandate | None = None
    consent: ClaimConsent | None = None
    bases: frozenset[UUID] = frozenset()


def people_seen_by(account: Account) -> list[Seen]:
    """Everybody else whom a member may see: children first, then other relatives, then givers of mandates.

    Runs three queries, however many people and policies there are. Records no viewing: lists only show whether
    cover exists, and only for children.
    """
    givers = {seen.person.pk: seen for seen in _givers(account)}
    relatives = [seen for seen in _relatives(account) if seen.person.pk not in givers]
    order = ("parent", "holder", "proxy")
    found = [*relatives, *givers.values()]
    return sorted(found, key=lambda seen: (order.index(seen.seen_as), seen.person.birth_date, seen.person.pk))


def person_seen(account: Account, key: str) -> Seen:
    """One person whom the member may see. Raises NotSeen."""
    number = row_number(key)
    givers = _givers(account, person=number)
    found = givers or _relatives(account, person=number)
    if not found:
        raise NotSeen
    return found[0]


def may_see(account: Account, key: str, what: What) -> bool:
    """Whether a member may open this for a person, who may be the member. Records nothing."""
    if _is_own(account, key):
        return True
    try:
        return person_seen(account, key).may(what)
    except NotSeen:
        return False


def covers_seen(account: Account, key: str = "", *, what: What, by: Actor) -> QuerySet[Membership]:
    """The memberships of a person that a member may open, or whose card they may change. Records the viewing.

    Without a key, or with the member's own key, returns the member's memberships, without any check or record.
    `by` is the request's actor. Raises NotSeen.
    """
    if _is_own(account, key):
        return account.person.memberships.all()
    return open_covers(account, person_seen(account, key), what=what, by=by)


def covers_by_membership(
    account: Account, membership: str, *, what: What, by: Actor, is_recorded: bool = True
) -> QuerySet[Membership]:
    """Like `covers_seen`, for a URL that names one membership, such as a policy's or a card's. Raises NotSeen.

    The named membership itself must be accessible. If only others of the person are, this raises and records nothing.
    Pass `is_recorded=False` for a request that shows nothing.
    """
    number = row_number(membership)
    person = Membership.objects.filter(pk=number).values_list("person_id", flat=True).first()
    if person == account.person_id:
        return account.person.memberships.all()
    seen = person_seen(account, str(person or 0))
    if seen.seen_as != "proxy" and number not in {row.pk for row in seen.covers}:
        raise NotSeen
    return open_covers(account, seen, what=what, by=by, is_recorded=is_recorded)


def open_covers(
    account: Account, seen: Seen, *, what: What, by: Actor, is_recorded: bool = True
) -> QuerySet[Membership]:
    """Like `covers_seen`, for a person who is already loaded. Raises NotSeen."""
    if not seen.may(what):
        raise NotSeen
    if is_recorded:
        record_viewing(account, seen, _VIEWED_AS.get(what, "cover"), by=by)
    if seen.seen_as == "proxy":
        return seen.person.memberships.all()
    return seen.person.memberships.filter(pk__in=[row.pk for row in seen.covers])


@transaction.atomic
def record_viewing(account: Account, seen: Seen | Claimable, what: What, *, by: Actor) -> None:
    """Record that a member opened another person's data; at most once a minute for each part. Never for their own."""
    now, seen_as = timezone.now(), seen.seen_as if isinstance(seen, Seen) else seen.role
    if seen_as == "self":
        return
    row: dict[str, Any] = {"person": seen.person.pk, "viewer": account.pk, "seen_as": seen_as, "what": what}
    with connection.cursor() as cursor:
        cursor.execute(_VIEWING, {**row, "minute": now.replace(second=0, microsecond=0), "at": now})
        if cursor.fetchone() is None:
            return
    record(FamilyEvent.FAMILY_VIEWED, market=account.market, by=by, subject=seen.person, seen_as=seen_as, what=what)


def viewings_of(account: Account, most: int = 50) -> list[Viewing]:
    """Viewings of this member's data, newest first, with the names of the viewers."""
    return list(account.person.viewings.select_related("viewer__person").order_by("-at")[:most])


def parents_of(account: Account) -> list[Person]:
    """The parents who may see this member, unless the member keeps it private; empty once the member is of age."""
    profile = account.profile
    today = profile.today()
    own = account.person.memberships.not_ended_on(today).filter(relation="child").select_related("policy")
    if comes_of_age(account.person.birth_date, profile.family) <= today:
        return []
    holders = Membership.objects.in_families_of(own).filter(relation__in=HOLDERS).not_ended_on(today)
    found = holders.select_related("person").exclude(person=account.person_id)
    return list({row.person_id: row.person for row in found}.values())


def claimable(account: Account) -> list[Claimable]:
    """Everybody for whom a member may claim: the member, children, givers of mandates, who consented.

    Runs a fixed number of queries. Records no viewing.
    """
    return _claimable(account)


def may_claim(account: Account, membership: str) -> Claimable:
    """For whom a member claims with this membership, in which role. Records nothing. Raises NotSeen."""
    number = row_number(membership)
    person = Membership.objects.filter(pk=number).values_list("person_id", flat=True).first()
    for found in _claimable(account, person=person or 0):
        if number in {row.pk for row in found.memberships}:
            return found
    raise NotSeen


def giver_of(basis: UUID) -> Account | None:
    """The giver of a mandate. None for the id of a consent: whoever gives one has no account of their own."""
    found = Mandate.objects.select_related("giver").filter(pk=basis).first()
    return found.giver if found is not None else None


def given_by(account: Account, bases: Iterable[UUID]) -> frozenset[UUID]:
    """Those ids that are of mandates which the member gave, ended or not."""
    return frozenset(Mandate.objects.filter(giver=account, pk__in=list(bases)).values_list("pk", flat=True))


def _claimable(account: Account, *, person: int | None = None) -> list[Claimable]:
    own = [] if person not in (None, account.person_id) else _recent(account, account.person.memberships.all())
    found = [Claimable(person=account.person, role="self", memberships=tuple(own))] if own else []
    givers = _claimable_givers(account, person)
    relatives = _claimable_relatives(account, person, but={giver.person.pk for giver in givers})
    order = ("self", "parent", "proxy", "consent")
    return sorted([*found, *relatives, *givers], key=lambda one: order.index(one.role))


def _recent(account: Account, rows: MembershipQuerySet) -> list[Membership]:
    """These memberships, if they have begun and claims for them may still make sense; newest first."""
    today = account.profile.today()
    first = today - timedelta(days=account.profile.claims.filing_days) - LATE_CLAIMS
    covering = rows.covering_between(first, today, zone=account.profile.zone)
    return list(covering.select_related("policy__employer", "person").order_by("-start", "pk"))


def _claimable_relatives(account: Account, person: int | None, *, but: set[int]) -> list[Claimable]:
    relatives = [(seen, rows) for seen, rows in dependants_for_claims(account, person) if seen.person.pk not in but]
    adults = [seen.person.pk for seen, _rows in relatives if seen.sight == "name"]
    consents = {one.person_id: one for one in ClaimConsent.objects.active().filter(asker=account, person__in=adults)}
    found = []
    for seen, rows in relatives:
        consent = consents.get(seen.person.pk)
        if seen.may("claims"):
            found.append(Claimable(person=seen.person, role="parent", memberships=seen.covers))
        elif consent is not None:
            bases = frozenset({consent.pk})
            found.append(Claimable(person=seen.person, role="consent", memberships=rows, consent=consent, bases=bases))
    return found


def dependants_for_claims(account: Account, person: int | None = None) -> list[tuple[Seen, tuple[Membership, ...]]]:
    """The dependants on policies that the member holds or held, oldest first, with covers that matter for claims.

    For other rooms, `claimable` decides for whom the member may claim.
    """
    by_person: dict[int, list[Membership]] = {}
    for row in _covers_of_dependants(account, person):
        by_person.setdefault(row.person_id, []).append(row)
    today = account.profile.today()
    found = [(_relative(rows, today, account), tuple(rows)) for rows in by_person.values()]
    return sorted(found, key=lambda one: (one[0].person.birth_date, one[0].person.pk))


def _covers_of_dependants(account: Account, person: int | None) -> list[Membership]:
    """Dependants' covers for which their holder, the member, may claim as far as the sight of the person allows."""
    profile = account.profile
    held = {row.policy_id: row for row in _recent(account, account.person.memberships.filter(relation__in=HOLDERS))}
    rows = _others(Membership.objects.in_families_of(held.values()), account)
    found = _recent(account, rows if person is None else rows.filter(person=person))
    return [
        row
        for row in found
        if may_claim_through(
            held_to=held[row.policy_id].ended_on(profile.zone),
            covered_to=row.ended_on(profile.zone),
            today=profile.today(),
        )
    ]


def _claimable_givers(account: Account, person: int | None) -> list[Claimable]:
    givers = [seen for seen in _givers(account, person=person) if seen.may("claims")]
    if not givers:
        return []
    covers = _recent(account, Membership.objects.filter(person__in=[seen.person.pk for seen in givers]))
    replaced = list(Mandate.objects.filter(proxy=account, ended_by="newer"))
    return [
        Claimable(
            person=seen.person,
            role="proxy",
            memberships=tuple(row for row in covers if row.person_id == seen.person.pk),
            mandate=seen.mandate,
            bases=_bases(seen.mandate, replaced),
        )
        for seen in givers
        if seen.mandate is not None
    ]


def _bases(mandate: Mandate, replaced: Sequence[Mandate]) -> frozenset[UUID]:
    """The mandate, and those that it continues: each ended at the moment when the next one was accepted."""
    before = {(old.giver_id, old.ended_at): old for old in replaced}
    found = [mandate]
    while older := before.get((mandate.giver_id, found[-1].accepted_at)):
        found.append(older)
    return frozenset(one.pk for one in found)


def _others(families: MembershipQuerySet, account: Account) -> MembershipQuerySet:
    """The dependants in these families, without the member; each row says whether its person hides their cover."""
    hidden = Privacy.objects.filter(account__person=OuterRef("person"), ended_at=None)
    others = families.exclude(relation__in=HOLDERS).exclude(person=account.person_id)
    return others.select_related("policy__employer", "person__account").annotate(is_private=Exists(hidden))


def _is_own(account: Account, key: str) -> bool:
    return key in ("", str(account.person_id))


def _givers(account: Account, *, person: int | None = None) -> list[Seen]:
    rows = Mandate.objects.active_on(account.profile.today()).filter(proxy=account).select_related("giver__person")
    if person is not None:
        rows = rows.filter(giver__person=person)
    return [
        Seen(person=row.giver.person, seen_as="proxy", sight="all", has_account=True, mandate=row)
        for row in rows.order_by("accepted_at")
    ]


def _relatives(account: Account, *, person: int | None = None) -> list[Seen]:
    """Everybody on policies that the member holds. A person on several policies gets the widest access of them."""
    today = account.profile.today()
    held = account.person.memberships.not_ended_on(today).filter(relation__in=HOLDERS).select_related("policy")
    rows = _others(Membership.objects.in_families_of(held).not_ended_on(today), account).order_by("-start", "pk")
    if person is not None:
        rows = rows.filter(person=person)
    by_person: dict[int, list[Membership]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    return [_relative(found, today, account) for found in by_person.values()]


def _relative(rows: Iterable[Membership], today: date, account: Account) -> Seen:
    rules = account.profile.family
    sights: dict[int, Sight] = {
        row.pk: sight_of_relative(
            relation=row.relation,
            born=row.person.birth_date,
            is_private=cast("Any", row).is_private,
            today=today,
            rules=rules,
        )
        for row in rows
    }
    order: tuple[Sight, ...] = ("all", "state", "name")
    best = min(rows, key=lambda row: order.index(sights[row.pk]))
    sight, person = sights[best.pk], best.person
    is_child = sight != "name"
    return Seen(
        person=person,
        seen_as="parent" if is_child else "holder",
        sight=sight,
        relation=best.relation,
        has_account=hasattr(person, "account"),
        covers=tuple(row for row in rows if sights[row.pk] == sight) if is_child else (),
        of_age_on=comes_of_age(person.birth_date, rules)
        if is_child and in_notice_period(person.birth_date, today, rules)
        else None,
    )
