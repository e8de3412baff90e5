"""Takes the bank's results, line by line: each good line counts, each other one is reported, and nothing is guessed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle import paying
from mypolis.insurance.claims.models import Claim, Payment, RunLine, day_of
from mypolis.insurance.claims.payments.results_file import BadLine, LineProblem, Result
from mypolis.insurance.claims.payments.runs import require_person

type CameTo = (
    Literal[
        "taken",
        "unchanged",
        "unknown",
        "not_fetched",
        "impossible_day",
        "failed_after_paid",
        "paid_after_failed",
        "known_otherwise",
    ]
    | LineProblem
)

NEWS: tuple[CameTo, ...] = ("taken", "unchanged", "repeated")
"""What needs nobody's attention."""


@dataclass(frozen=True)
class Told:
    """What came of one line of a file of results. It needs a person unless `came_to` is in `NEWS`."""

    line: int
    reference: str
    came_to: CameTo


def take_results(*, profile: Profile, results: Iterable[Result | BadLine], by: Actor) -> list[Told]:
    """Record what the bank says, each line in a transaction of its own. The same file again changes nothing.

    A payment that failed is never paid again by itself: its member is asked for another account. Raises RunRefused
    "not_a_person".
    """
    require_person(by)
    return [_told(profile, one, by) for one in results]


def _told(profile: Profile, one: Result | BadLine, by: Actor) -> Told:
    came_to = one.problem if isinstance(one, BadLine) else take_result(profile=profile, result=one, by=by)
    return Told(one.line, one.reference, came_to)


@transaction.atomic
def take_result(*, profile: Profile, result: Result, by: Actor) -> CameTo:
    """Record one result, and return what came of it.

    `failed_after_paid` and `paid_after_failed` contradict what the bank said before about the same payment;
    `known_otherwise` contradicts what another system said. They change nothing: a person must ask the bank.
    """
    lines = RunLine.objects.filter(run__market=profile.code, reference=result.reference).exclude(state=RunLine.RELEASED)
    found = lines.values_list("pk", "claim").first()
    if found is None:
        return "unknown"
    claims = Claim.objects.select_for_update(of=("self",)).select_related("membership__policy", "pay_to")
    claim = claims.get(pk=found[1])
    line = lines.select_for_update(of=("self",)).select_related("run").filter(pk=found[0]).first()
    if line is None:  # it was withdrawn meanwhile
        return "unknown"
    if problem := _problem(profile, line, result):
        return problem
    if line.state == RunLine.OPEN:
        _answer(claim, line, result, by=by)
        return "taken"
    return "unchanged"


def _problem(profile: Profile, line: RunLine, result: Result) -> CameTo | None:
    """Why a result cannot be recorded; None if it can, or says what we know."""
    if line.run.fetched_at is None:
        return "not_fetched"
    if not day_of(line.run.made_at, profile) <= result.day <= profile.today():
        return "impossible_day"
    if line.state == RunLine.PAID and result.state == "failed":
        return "failed_after_paid"
    if line.state == RunLine.FAILED and result.state == "paid":
        return "paid_after_failed"
    others = line.payments.exclude(state__in=(Payment.TO_BE_PAID, result.state))
    return "known_otherwise" if line.state == RunLine.OPEN and others.exists() else None


def _answer(claim: Claim, line: RunLine, result: Result, *, by: Actor) -> None:
    """Close the line, and record the result of its payments unless another system reported it before."""
    line.state, line.result_on, line.code = result.state, result.day, result.code
    line.answered_at = timezone.now()
    line.save(update_fields=["state", "result_on", "code", "answered_at"])
    record(
        ClaimEvent.PAYMENT_RUN_ANSWERED, market=claim.market, by=by, subject=line.run, place=line.place,
        state=result.state,
    )  # fmt: skip
    if line.payments.filter(state=Payment.TO_BE_PAID).exists():
        at = datetime.combine(result.day, time.min, claim.profile.zone)
        paying.answer_run(claim=claim, state=result.state, at=at, code=result.code, by=by)
