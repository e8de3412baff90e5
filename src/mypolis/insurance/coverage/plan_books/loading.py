"""Loads a plan book: it is checked as a whole, then each changed plan gets a new version."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.coverage.event_kinds import CoverageEvent
from mypolis.insurance.coverage.models import Plan, PlanName, PlanVersion
from mypolis.insurance.coverage.plan_books.book import Book
from mypolis.insurance.coverage.plan_books.book_file import UnreadableBook, read_source
from mypolis.insurance.coverage.plan_books.book_rules import BookRefusedError, check_book, plans_of
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.membership.people.flows import lock_people
from mypolis.membership.people.models import Membership
from mypolis.membership.roster.columns import fold_word


@dataclass
class BookReport:
    """The result: plans by `product/plan`, and members whose plan is in no book, by policy type and plan word."""

    effective: date
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    unknown: list[tuple[str, str, int]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The JSON that `--json` prints."""
        unknown = [{"policy_type": kind, "plan": word, "members": count} for kind, word, count in self.unknown]
        return {**vars(self), "effective": self.effective.isoformat(), "unknown": unknown}


def load_book(*, market: str, book: Path | bytes, by: Actor, dry_run: bool = False) -> BookReport:
    """Load a market's plan book from a file or its bytes: all or nothing.

    `dry_run` reports the result without a change. A plan that is unchanged on the book's effective day gets no new
    version; plans that are not in the book are left alone. Raises BookRefusedError with all findings.
    """
    profile = profile_of(market)
    try:
        source = read_source(book)
    except UnreadableBook as error:
        raise BookRefusedError([error.problem]) from None
    checked = check_book(source, profile)
    with transaction.atomic():
        lock_people(market)
        report = _keep(checked, profile, by=by)
        counts = {"new": len(report.new), "changed": len(report.changed), "left_out": len(report.left_out)}
        record(CoverageEvent.PLAN_BOOK_LOADED, market=market, by=by, subject=None, **counts)
        report.unknown = list(unknown_plans(profile))
        transaction.set_rollback(dry_run)
    return report


def unknown_plans(profile: Profile) -> Iterator[tuple[str, str, int]]:
    """(policy type, word, number of members) of plans in lists that no book defines; ended covers do not count."""
    today = profile.today()
    rows = (
        Membership.objects.filter(Q(end__isnull=True) | Q(end__gte=today), policy__market=profile.code)
        .values_list("policy__type", "plan")
        .annotate(members=Count("pk"))
        .order_by("policy__type", "plan")
    )
    known = set(PlanName.objects.filter(market=profile.code).values_list("policy_type", "name_key"))
    return ((kind, word, count) for kind, word, count in rows if (kind, fold_word(word)) not in known)


def _keep(book: Book, profile: Profile, *, by: Actor) -> BookReport:
    report = BookReport(book.effective)
    named: dict[tuple[str, str], Plan] = {}
    for product, part, document in plans_of(book):
        plan, _made = Plan.objects.get_or_create(market=profile.code, product=document.product, key=document.key)
        getattr(report, _add_version(plan, document, book.effective, by=by)).append(f"{plan.product}/{plan.key}")
        named |= {(kind, fold_word(name)): plan for kind in product.policy_types for name in part.roster_names}
    _name(profile, named)
    others = Plan.objects.filter(market=profile.code).exclude(pk__in={plan.pk for plan in named.values()})
    report.left_out = [f"{plan.product}/{plan.key}" for plan in others.order_by("product", "key")]
    return report


def _name(profile: Profile, named: dict[tuple[str, str], Plan]) -> None:
    """Map the plan words of lists to this book's plans; words of plans outside the book keep their plan."""
    replaced = Q(plan__in=named.values())
    for kind, key in named:
        replaced |= Q(policy_type=kind, name_key=key)
    PlanName.objects.filter(replaced, market=profile.code).delete()
    PlanName.objects.bulk_create(
        [
            PlanName(market=profile.code, policy_type=kind, name_key=key, plan=plan)
            for (kind, key), plan in named.items()
        ]
    )


def _add_version(plan: Plan, document: PlanDocument, effective: date, *, by: Actor) -> str:
    """Add a version unless the one in force on that day is equal; returns the report's list for the result."""
    content = document.model_dump_json(exclude_defaults=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    versions = list(plan.versions.newest_first().values_list("number", "effective", "digest"))
    in_force = next((kept for _number, start, kept in versions if start <= effective), None)
    if in_force == digest:
        return "unchanged"
    number = max((number for number, _start, _digest in versions), default=0) + 1
    version = PlanVersion.objects.create(plan=plan, number=number, effective=effective, digest=digest, content=content)
    record(CoverageEvent.PLAN_VERSION_ADDED, market=plan.market, by=by, subject=version, number=number)
    return "changed" if versions else "new"
