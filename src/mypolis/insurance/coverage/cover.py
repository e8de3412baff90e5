"""A member's cover: policies, benefits and the state of their limits. Every query starts from the account."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from mypolis.insurance.coverage.ledger.arithmetic import Span
from mypolis.insurance.coverage.ledger.entries import covered, year_for_day
from mypolis.insurance.coverage.ledger.families import families_of
from mypolis.insurance.coverage.ledger.usage import LimitUsage, Scope, Usage, read_usage
from mypolis.insurance.coverage.models import FeedLoad
from mypolis.insurance.coverage.plan_books.plan import Benefit, Limit, PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import day_to_show, plans_on
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import CoverStatus, Membership

ORDER = ("active", "future", "ended")


@dataclass(frozen=True)
class LimitCover:
    """A limit with its current usage, and the days that it covers now (None: no time bound).

    A limit per case, visit, day, pregnancy or item starts full each time, so it has no `usage`.
    """

    limit: Limit
    usage: LimitUsage | None
    span: Span | None


@dataclass(frozen=True)
class BenefitCover:
    """A benefit with its limits; `waits_until` is the first day on which it pays, None when that day has passed."""

    benefit: Benefit
    limits: tuple[LimitCover, ...]
    waits_until: date | None


@dataclass(frozen=True)
class PolicyCover:
    """A membership with its status today and its plan on `day`. If the plan is unknown, there are no benefits.

    `as_of` is the time at which the usage was current: that of the core system's last feed, or now without a feed.
    """

    membership: Membership
    status: CoverStatus
    day: date
    start: date
    end: date | None
    plan: PlanDocument | None
    benefits: tuple[BenefitCover, ...]
    as_of: datetime

    def benefit(self, key: str) -> BenefitCover | None:
        """The benefit with this key."""
        return next((cover for cover in self.benefits if cover.benefit.key == key), None)


def policies_of(account: Account, seen: QuerySet[Membership] | None = None) -> list[Membership]:
    """All current, future and past policies of a member: the current ones first, then the newest.

    `seen`, here and below: another person's memberships that this member may access (`family.access.covers_seen`).
    """
    today = account.profile.today()
    own = account.person.memberships.all()
    rows = (own if seen is None else seen).select_related("policy__employer").order_by("-start", "pk")
    return sorted(rows, key=lambda row: ORDER.index(row.status_on(today)))


def cover_of(account: Account, seen: QuerySet[Membership] | None = None) -> list[PolicyCover]:
    """All policies of a member with benefits and limits; the number of queries is constant."""
    return _covers(policies_of(account, seen), account)


def policy_cover(account: Account, membership: Membership) -> PolicyCover:
    """One policy that the member may access (`chosen_cover.asked_membership`)."""
    return _covers([membership], account)[0]


def _covers(memberships: Iterable[Membership], account: Account) -> list[PolicyCover]:
    rows, today = list(memberships), account.profile.today()
    days = {row.pk: day_to_show(row, today) for row in rows}
    plans = plans_on((row, days[row.pk]) for row in rows)
    scopes = _scopes(rows, {row: plan for (row, _day), plan in plans.items()}, days)
    usage = read_usage(list(scopes.values()))
    now = _Now(today, newest_feed(account.market) or timezone.now(), usage)
    return [_policy(row, days[row.pk], scopes.get(row.pk), now) for row in rows]


def _scopes(rows: Sequence[Membership], plans: dict[int, PlanDocument], days: dict[int, date]) -> dict[int, Scope]:
    planned = [row for row in rows if row.pk in plans]
    families = families_of(row for row in planned if plans[row.pk].has_family_limits)
    return {
        row.pk: Scope(
            plan=plans[row.pk],
            own=row.pk,
            family=families.get(row.pk, frozenset({row.pk})),
            year=year_for_day(plans[row.pk], row, days[row.pk]),
        )
        for row in planned
    }


@dataclass(frozen=True)
class _Now:
    """Today's date in the market, the usage, and the time at which the usage was current."""

    today: date
    as_of: datetime
    usage: Usage


def _policy(row: Membership, day: date, scope: Scope | None, now: _Now) -> PolicyCover:
    period = covered(row, 0)
    return PolicyCover(
        membership=row,
        status=row.status_on(now.today),
        day=day,
        start=period.start,
        end=period.end,
        plan=scope.plan if scope else None,
        benefits=tuple(_benefit(benefit, row, scope, now) for benefit in scope.plan.benefits) if scope else (),
        as_of=now.as_of,
    )


def _benefit(benefit: Benefit, row: Membership, scope: Scope, now: _Now) -> BenefitCover:
    paid_from = covered(row, benefit.waiting_days).paid_from
    return BenefitCover(
        benefit=benefit,
        limits=tuple(_limit(limit, scope, now.usage) for limit in scope.plan.limits_on(benefit.key)),
        waits_until=paid_from if benefit.waiting_days and paid_from > now.today else None,
    )


def _limit(limit: Limit, scope: Scope, usage: Usage) -> LimitCover:
    if limit.per not in ("year", "lifetime"):
        return LimitCover(limit, None, None)
    return LimitCover(limit, usage.of_limit(limit, scope), scope.year if limit.per == "year" else None)


def newest_feed(market: str) -> datetime | None:
    """The time at which the data of the core system's newest feed were current; None before the first feed."""
    return FeedLoad.objects.filter(market=market).order_by("-as_of").values_list("as_of", flat=True).first()
