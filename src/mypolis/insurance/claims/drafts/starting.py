"""What the first page shows: for whom a member may claim, and what for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.encoding import force_str
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.claims.benefits import benefits_for
from mypolis.insurance.claims.drafts.fields import is_treatment
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import day_to_show, plans_on
from mypolis.insurance.coverage.plan_books.vocabulary import FIELDS
from mypolis.membership.family.access import Claimable
from mypolis.membership.people.models import Membership


@dataclass(frozen=True)
class Whose:
    """A cover for which a member may claim. `label` names the person, and the cover if the person has several."""

    membership: Membership
    label: str
    role: str
    ended_on: date | None


@dataclass(frozen=True)
class Offered:
    """A benefit that one can claim for. `text` explains it in a sentence."""

    key: str
    name: str
    text: str


@dataclass(frozen=True)
class Group:
    """Benefits that are shown together, as on the pages of cover. Some may be about events, not about treatment."""

    label: str
    icon: str
    benefits: Sequence[Offered]
    is_treatment: bool


def covers_of(people: Iterable[Claimable], today: date) -> list[Whose]:
    """Every cover for which the member may claim, in the order of the people."""
    people = list(people)
    plans = plans_on([(row, day_to_show(row, today)) for one in people for row in one.memberships])
    found = []
    for one in people:
        names = [_name_of(row, plans.get((row.pk, day_to_show(row, today)))) for row in one.memberships]
        for row, name in zip(one.memberships, names, strict=True):
            more = [] if len(names) == 1 else [name if names.count(name) == 1 else f"{name} {row.policy.number}"]
            ended = _ended(row, today)
            if ended is not None:
                more.append(_("until %(day)s") % {"day": date_format(ended, "SHORT_DATE_FORMAT")})
            person = _("Me") if one.role == "self" else one.person.greeting_name
            found.append(Whose(row, " · ".join([person, *more]), one.role, ended))
    return found


def _name_of(row: Membership, plan: PlanDocument | None) -> str:
    """What the cover is, in a few words."""
    labels = {kind.key: force_str(kind.label) for kind in profile_of(row.policy.market).policy_types}
    return say(plan.product_name) if plan else labels.get(row.policy.type, row.policy.number)


def _ended(row: Membership, today: date) -> date | None:
    last = row.ended_on(profile_of(row.policy.market).zone)
    return last if last is not None and last < today else None


def groups_for(membership: Membership, today: date) -> list[Group]:
    """The benefits of a cover, grouped by topic."""
    benefits = benefits_for(membership, today)
    groups = []
    for field in FIELDS:
        of_field = [benefit for benefit in benefits if benefit.type in field.types]
        found = [Offered(one.key, say(one.name), say(one.explanation)) for one in of_field]
        if found:
            is_any = any(is_treatment(one) for one in of_field)
            groups.append(Group(force_str(field.label), field.icon, found, is_any))
    return groups
