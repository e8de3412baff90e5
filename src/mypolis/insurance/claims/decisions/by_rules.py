"""Decides many claims by the rules alone: reads and writes a batch of claims with few queries."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import batched
from uuid import UUID

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import recorded_together
from mypolis.insurance.claims.clinic_bills.answers import is_disputed
from mypolis.insurance.claims.decisions.batch import Batch, Outcome
from mypolis.insurance.claims.decisions.bulk_writing import DecidedClaim, write
from mypolis.insurance.claims.decisions.ledger import uses
from mypolis.insurance.claims.decisions.rows import outcome_state
from mypolis.insurance.claims.lifecycle.changing import who_is
from mypolis.insurance.claims.lifecycle.states import State, check
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.repeats import repeating
from mypolis.insurance.coverage.models import Entry

AT_A_TIME = 500
FIRST = 1  # the number of the decision: the rules alone decide no appeals
DECIDABLE = (State.RECEIVED, State.IN_REVIEW)
"""States in which a claim has all its papers and nobody waits for the member."""


@dataclass
class Report:
    """What was decided: how many claims came to which outcome, and why others were left as they are.

    `undecided` has the numbers of claims, each with a code: `question` (a plan or a rate is missing), `no_lines`,
    `not_theirs` (a clinic's bill of which the member knows nothing), `repeated` (a bill that came before, or is in it
    twice), `not_ready` (in another state, or somebody else is changing it), or `for_people` (only a person may reject
    it, or a colleague entered it, so that a second person must see it).
    """

    approved: int = 0
    partly_approved: int = 0
    rejected: int = 0
    undecided: dict[str, str] = field(default_factory=dict)

    @property
    def decided(self) -> int:
        """How many claims were decided."""
        return self.approved + self.partly_approved + self.rejected

    def count(self, state: State) -> None:
        """Count a claim's outcome."""
        name = str(state)
        setattr(self, name, getattr(self, name) + 1)


def adjudicate_claims(
    *, market: str, by: Actor, numbers: Collection[str] = (), may_reject: bool = True, is_dry_run: bool = False
) -> Report:
    """Decide all claims of a market that are ready, or those with these numbers; the oldest first. Never an appeal.

    A claim that somebody at the desk has in hand is left to them.

    Unless they `may_reject`, the rules leave to people what they would reject. Each batch is a transaction. A dry run
    changes nothing, and so does not see what its own earlier batches took. Members get the news from a job for each
    claim.
    """
    report = Report()
    ready = Claim.objects.filter(market=market, state__in=DECIDABLE, decisions__isnull=True, in_hand__isnull=True)
    if numbers:
        ready = ready.filter(number__in=numbers)
    found: dict[UUID, str] = dict(ready.order_by("sent_at", "pk").values_list("pk", "number"))
    for some in batched(found, AT_A_TIME):
        taken = _decide_batch(some, report, by=by, may_reject=may_reject, is_dry_run=is_dry_run)
        report.undecided |= dict.fromkeys((found[key] for key in some if key not in taken), "not_ready")
    report.undecided |= dict.fromkeys(sorted(set(numbers) - set(found.values())), "not_ready")
    return report


def _decide_batch(
    keys: Collection[UUID], report: Report, *, by: Actor, may_reject: bool, is_dry_run: bool
) -> Collection[UUID]:
    """Decide some claims; returns the keys of those that nobody else was changing."""
    with recorded_together():
        claims = _locked(keys)
        repeats = repeating(claims)
        report.undecided |= {claim.number: "repeated" for claim in claims if claim.pk in repeats}
        clear = [claim for claim in claims if claim.pk not in repeats]
        batch = Batch(clear, lock=not is_dry_run)
        decided = []
        for claim in clear:
            found = _decide(batch, claim, report, by=by, may_reject=may_reject)
            decided += [found] if found is not None else []
        if not is_dry_run:
            write(decided, by=by)
    return {claim.pk for claim in claims}


def _locked(keys: Collection[UUID]) -> list[Claim]:
    """The claims that are still ready, locked; one that somebody else is changing is left to them."""
    rows = Claim.objects.filter(pk__in=keys, state__in=DECIDABLE, in_hand__isnull=True).defer("diagnosis", "details")
    rows = rows.select_related("membership__policy", "pay_to", "clinic_bill_answer")
    return list(rows.select_for_update(of=("self",), skip_locked=True).order_by("sent_at", "pk"))


def _decide(batch: Batch, claim: Claim, report: Report, *, by: Actor, may_reject: bool) -> DecidedClaim | None:
    back = batch.take_back(claim)
    outcome = batch.decide(claim)
    state = outcome_state(outcome)
    problem = _problem(batch, claim, outcome)
    if not problem and state == State.REJECTED and not may_reject:
        problem = "for_people"
    if problem:
        report.undecided[claim.number] = problem
        batch.snapshot.add(_put_back(back))
        return None
    entries = list(uses(claim, outcome, FIRST))
    batch.count(claim, outcome, entries)
    check(claim.in_state, state, who_is(by))
    report.count(state)
    return DecidedClaim(claim, outcome, state, FIRST, [*back, *entries])


def _problem(batch: Batch, claim: Claim, outcome: Outcome) -> str:
    if is_disputed(claim):
        return "not_theirs"
    if claim.came_by:
        return "for_people"
    if not outcome.lines or len(outcome.lines) < batch.count_of_lines(claim):
        return "no_lines"
    return "" if outcome.is_decided else "question"


def _put_back(returned: Collection[Entry]) -> Iterator[Entry]:
    """Entries that undo `take_back` in the snapshot. They are never written."""
    kinds = {Entry.RELEASE: Entry.RESERVE, Entry.REVERSE: Entry.USE}
    for entry in returned:
        entry.kind = kinds[entry.kind]
        yield entry
