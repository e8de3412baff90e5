"""Claims that are decided together, with their lines, plans, ledger and excesses: few queries for any number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, ExcessBucket, Situation
from mypolis.insurance.claims.adjudication.rules import adjudicate
from mypolis.insurance.claims.decisions.claim_entries import ClaimEntries
from mypolis.insurance.claims.decisions.claim_lines import case_roots, days_touched, lines_of, read_line, visit_of
from mypolis.insurance.claims.decisions.excess_borne import ExcessBorne
from mypolis.insurance.claims.decisions.ledger_ids import short
from mypolis.insurance.claims.models import Claim, Line, day_of
from mypolis.insurance.coverage.ledger.entries import covered, lock_memberships
from mypolis.insurance.coverage.ledger.families import families_of
from mypolis.insurance.coverage.ledger.snapshot import Plans, Snapshot, Wanted
from mypolis.insurance.coverage.models import Entry, PlanVersion
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import versions_on
from mypolis.membership.people.models import Membership

ZERO = Decimal(0)


@dataclass(frozen=True)
class Outcome:
    """A claim as the rules decide it, in the plan's currency (empty if no plan is known).

    `versions` are those of the plan on the day of each line, by the line's key; unknown plans are left out.
    """

    lines: tuple[AdjudicatedLine, ...]
    currency: str
    versions: Mapping[str, PlanVersion] = field(default_factory=dict)

    def line(self, key: UUID) -> AdjudicatedLine | None:
        """A line as the rules decide it; None for one without a date, a sum or a benefit."""
        return next((line for line in self.lines if line.line.key == str(key)), None)

    @property
    def granted(self) -> Decimal:
        """What is paid."""
        return sum((line.granted for line in self.lines), ZERO)

    @property
    def own_share(self) -> Decimal:
        """What the member pays."""
        return sum((line.own for line in self.lines), ZERO)

    @property
    def is_decided(self) -> bool:
        """Whether no line has an open question."""
        return not any(line.questions for line in self.lines)


class Batch:
    """Claims that are decided one after another; what one takes counts for the next.

    `stored` are all their lines, `lines` those that can be decided because they have a day.
    """

    def __init__(self, claims: Sequence[Claim], *, lock: bool, with_texts: bool = False) -> None:
        """Read everything; with `lock`, hold the families of all members until the transaction ends."""
        self.claims = claims
        self.now: datetime = timezone.now()
        families = families_of({claim.membership_id: claim.membership for claim in claims}.values())
        if lock:
            lock_memberships(key for family in families.values() for key in family)
        self.stored: Mapping[UUID, list[Line]] = lines_of(claims, with_texts=with_texts)
        self.lines: Mapping[UUID, list[Line]] = {
            claim: [line for line in lines if line.date is not None] for claim, lines in self.stored.items()
        }
        self._roots = case_roots(line for lines in self.lines.values() for line in lines)
        self._versions = versions_on(self._days())
        self.plans: Plans = {place: version.document for place, version in self._versions.items()}
        self.snapshot = Snapshot.read([self._wanted(claim) for claim in claims], self.plans, families)
        self.entries = ClaimEntries.read(claims)
        self.excess = ExcessBorne.read(claims, self.plans)

    def sent_on(self, claim: Claim) -> date:
        """The market's day on which a claim was sent, or came to us on paper or by phone; today for a draft."""
        return claim.came_on or day_of(claim.sent_at or self.now, claim.profile)

    def take_back(self, claim: Claim) -> list[Entry]:
        """The entries that return all that a claim reserved and used. They count for the decisions that follow."""
        entries = self.entries.returned(claim)
        self.snapshot.add(entries)
        return entries

    def decide(self, claim: Claim) -> Outcome:
        """Decide a claim by the rules. What it reserved or used itself must have been taken back."""
        named_by = self.plans.get((claim.membership_id, self.sent_on(claim)))
        lines = [
            read_line(line, claim, self.root_of(claim), self._plan(claim, line.date), named_by)
            for line in self.lines.get(claim.pk, ())
            if line.amount is not None and (line.benefit or claim.benefit)
        ]
        decided = tuple(adjudicate(lines, self._situation(claim)))
        plan = next((line.plan for line in decided if line.plan is not None), named_by)
        versions = {line.line.key: found for line in decided if (found := self._version(claim, line)) is not None}
        return Outcome(decided, plan.currency if plan else "", versions)

    def count(self, claim: Claim, outcome: Outcome, entries: Iterable[Entry]) -> None:
        """Let what a claim took from limits, and bore of excesses, count for the claims after it."""
        self.snapshot.add(entries)
        for line in outcome.lines:
            for bucket, amount in line.excess:
                self.excess.add(claim.pk, claim.membership_id, bucket, amount)

    def count_of_lines(self, claim: Claim) -> int:
        """How many lines a claim has, complete or not."""
        return len(self.stored.get(claim.pk, ()))

    def root_of(self, claim: Claim) -> UUID:
        """The claim with which a claim's stay or pregnancy began: itself, unless it continues another."""
        return self._roots.get(claim.pk, claim.pk)

    def _plan(self, claim: Claim, day: date | None) -> PlanDocument | None:
        return self.plans.get((claim.membership_id, day)) if day else None

    def _version(self, claim: Claim, line: AdjudicatedLine) -> PlanVersion | None:
        """The version that decided a line: of the first day for which something is paid, or else of its first day."""
        days = [line.line.day, *(day.ask.day for day in line.days)]
        places = [(claim.membership_id, day) for day in days]
        same = (place for place in places if line.plan is None or self.plans.get(place) is line.plan)
        return self._versions.get(next(same, places[0]))

    def _days(self) -> list[tuple[Membership, date]]:
        """The days whose plans matter: those of treatment, and that of sending, which names benefits."""
        pairs = {}
        for claim in self.claims:
            days = [self.sent_on(claim), *(day for line in self.lines.get(claim.pk, ()) for day in days_touched(line))]
            pairs.update({(claim.membership_id, day): (claim.membership, day) for day in days})
        return list(pairs.values())

    def _wanted(self, claim: Claim) -> Wanted:
        lines = self.lines.get(claim.pk, ())
        root = frozenset({short(self.root_of(claim))})
        visits = frozenset(visit_of(claim, line) for line in lines)
        days = frozenset(day for line in lines for day in days_touched(line))
        return Wanted(claim.membership, days, cases=root, visits=visits, pregnancies=root)

    def _situation(self, claim: Claim) -> Situation:
        membership = claim.membership
        cover = covered(membership, 0)

        def borne(bucket: ExcessBucket) -> Decimal:
            return self.excess.of(membership.pk, bucket, without=claim.pk)

        return Situation(
            member=membership.pk,
            start=cover.start,
            end=cover.end,
            policy_start=membership.policy.start,
            plan_on=lambda day: self.plans.get((membership.pk, day)),
            taken=self.snapshot.taken,
            borne=borne,
            sent_on=self.sent_on(claim),
            filing_days=claim.profile.claims.filing_days,
        )
