"""Finds a member's plan: by the plan word in the list, the policy's type, and the day."""

from collections.abc import Iterable, Sequence
from datetime import date

from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.markets.emergency import InsuredKind
from mypolis.insurance.coverage.models import PlanName, PlanVersion
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.vocabulary import insured_kind
from mypolis.membership.people.models import Membership
from mypolis.membership.roster.columns import fold_word


def day_to_show(membership: Membership, today: date) -> date:
    """The day whose plan is shown: today, or the nearest day of a cover that has ended or not begun."""
    start = max(membership.start, membership.policy.start)
    ends = [end for end in (membership.end, membership.policy.end) if end is not None]
    return max(start, min([today, *ends]))


def plan_on(membership: Membership, day: date) -> PlanDocument | None:
    """A member's plan on a day; None if the plan is unknown or did not exist yet."""
    return plans_on([(membership, day)]).get((membership.pk, day))


def plans_on(wanted: Iterable[tuple[Membership, date]]) -> dict[tuple[int, date], PlanDocument]:
    """The plans of memberships on days, by membership key and day; three queries for any number of them.

    The memberships' policies must be loaded. Memberships with an unknown plan are left out.
    """
    return {place: version.document for place, version in versions_on(wanted).items()}


def versions_on(wanted: Iterable[tuple[Membership, date]]) -> dict[tuple[int, date], PlanVersion]:
    """Like `plans_on`, with the number and the effective day of each version."""
    named = {(row.pk, day): _name_of(row) for row, day in wanted if row.plan}
    plans = _plans_called(set(named.values()))
    known = {place: plans[name] for place, name in named.items() if name in plans}
    versions = _versions(set(known.values()))
    chosen = {place: _in_force(versions.get(plan, ()), place[1]) for place, plan in known.items()}
    contents = PlanVersion.objects.in_bulk({version for version in chosen.values() if version is not None})
    return {place: contents[version] for place, version in chosen.items() if version is not None}


def kinds_insured(memberships: Iterable[Membership]) -> dict[int, frozenset[InsuredKind]]:
    """What memberships insure today, or on the nearest day of their cover, by key; same queries as `plans_on`."""
    wanted = [(row, day_to_show(row, profile_of(row.policy.market).today())) for row in memberships]
    return {
        key: frozenset(insured_kind(benefit.type) for benefit in plan.benefits)
        for (key, _day), plan in plans_on(wanted).items()
    }


type _Name = tuple[str, str, str]


def _name_of(membership: Membership) -> _Name:
    policy = membership.policy
    return policy.market, policy.type, fold_word(membership.plan)


def _plans_called(names: set[_Name]) -> dict[_Name, int]:
    if not names:
        return {}
    markets, types, keys = (set(part) for part in zip(*names, strict=True))
    rows = PlanName.objects.filter(market__in=markets, policy_type__in=types, name_key__in=keys)
    return {(row.market, row.policy_type, row.name_key): row.plan_id for row in rows}


def _versions(plans: set[int]) -> dict[int, Sequence[tuple[int, date]]]:
    """(key, effective day) of every version of the plans, in order of precedence."""
    found: dict[int, list[tuple[int, date]]] = {}
    if plans:
        rows = PlanVersion.objects.filter(plan__in=plans).newest_first().values_list("plan_id", "pk", "effective")
        for plan, version, effective in rows:
            found.setdefault(plan, []).append((version, effective))
    return dict(found)


def _in_force(versions: Sequence[tuple[int, date]], day: date) -> int | None:
    return next((version for version, effective in versions if effective <= day), None)
