"""What the insurer would pay for planned treatment: the rules of claims, applied to days that have not come yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, AskedDay, ClaimLine, ExcessBucket, Situation
from mypolis.insurance.claims.adjudication.reasons import sentence
from mypolis.insurance.claims.adjudication.rules import adjudicate
from mypolis.insurance.claims.decisions.excess_borne import ExcessBorne
from mypolis.insurance.claims.decisions.ledger_ids import short
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.ledger.entries import covered
from mypolis.insurance.coverage.ledger.families import families_of
from mypolis.insurance.coverage.ledger.snapshot import Plans, Snapshot, Wanted
from mypolis.insurance.coverage.models import Entry
from mypolis.insurance.coverage.plan_books.plan import PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import plan_on, plans_on
from mypolis.insurance.guarantees.models import Guarantee


@dataclass(frozen=True)
class Promise:
    """What is paid of the expected sum, what the member pays, and the days for which the ledger reserves it.

    `reasons` are the codes of what was cut or keeps the rules from deciding, `sentences` what members read about it,
    in the active language of that moment.
    """

    promised: Decimal
    own_share: Decimal
    currency: str
    days: tuple[AskedDay, ...]
    reasons: tuple[str, ...]
    sentences: tuple[str, ...]
    is_decided: bool


def promise_for(guarantee: Guarantee, *, expected: Decimal, given_back: Iterable[Entry] = ()) -> Promise:
    """Apply the rules to a sum. `given_back` are entries that return what the guarantee itself has reserved.

    Writes nothing. To reserve the result, hold the lock of the member's family. The plan's currency is empty if no
    plan is known.
    """
    days = _days(guarantee)
    plans = plans_on((guarantee.membership, day) for day in days)
    line = _line(guarantee, expected, plans.get((guarantee.membership_id, guarantee.planned_from)))
    families = families_of([guarantee.membership])
    case = frozenset({line.case})
    wanted = Wanted(guarantee.membership, frozenset(days), case, frozenset({line.visit}), case)
    snapshot = Snapshot.read([wanted], plans, families)
    snapshot.add(given_back)
    (decided,) = adjudicate([line], _situation(guarantee, plans, snapshot))
    return _promise(decided, next(iter(plans.values()), None))


def _promise(decided: AdjudicatedLine, plan: PlanDocument | None) -> Promise:
    cuts = (*decided.cuts, *decided.questions)
    return Promise(
        promised=decided.granted,
        own_share=decided.billed - decided.granted,
        currency=plan.currency if plan is not None else "",
        days=decided.days,
        reasons=tuple(dict.fromkeys(one.code for one in cuts)),
        sentences=tuple(dict.fromkeys(sentence(one.code, one.facts) for one in cuts)),
        is_decided=not decided.questions and plan is not None,
    )


def _days(guarantee: Guarantee) -> list[date]:
    count = (guarantee.planned_to - guarantee.planned_from).days + 1
    return [guarantee.planned_from + timedelta(days=number) for number in range(count)]


def _line(guarantee: Guarantee, expected: Decimal, plan: PlanDocument | None) -> ClaimLine:
    """The planned treatment as one line of a bill; who is in the network is known only of the directory."""
    case = short(guarantee.pk)
    benefit = plan.benefit(guarantee.benefit) if plan is not None else None
    is_stay = guarantee.planned_to > guarantee.planned_from
    return ClaimLine(
        key=str(guarantee.pk),
        day=guarantee.planned_from,
        until=guarantee.planned_to if is_stay else None,
        benefit=guarantee.benefit,
        benefit_name=benefit.name if benefit is not None else {},
        amount=expected,
        visit=f"{case}/{guarantee.planned_from:%Y%m%d}",
        case=case,
        pregnancy=case,
        in_network=is_in_network_of(plan, guarantee),
        provider=guarantee.provider_name,
    )


def in_network(guarantee: Guarantee) -> bool | None:
    """Whether the letter's clinic is in the network of the plan; None if nobody knows, or the plan has no network."""
    return is_in_network_of(plan_on(guarantee.membership, guarantee.planned_from), guarantee)


def is_in_network_of(plan: PlanDocument | None, guarantee: Guarantee) -> bool | None:
    """Whether the letter's clinic is in the network of this plan; None as for `in_network`."""
    if guarantee.provider is None or plan is None:
        return None
    benefit = plan.benefit(guarantee.benefit)
    return guarantee.provider.is_in((benefit.network if benefit is not None else None) or plan.network)


def _situation(guarantee: Guarantee, plans: Plans, snapshot: Snapshot) -> Situation:
    membership = guarantee.membership
    cover = covered(membership, 0)
    nothing = Claim(membership=membership)
    excess = ExcessBorne.read([nothing], plans)

    def borne(bucket: ExcessBucket) -> Decimal:
        return excess.of(membership.pk, bucket, without=nothing.pk)

    return Situation(
        member=membership.pk,
        start=cover.start,
        end=cover.end,
        policy_start=membership.policy.start,
        plan_on=lambda day: plans.get((membership.pk, day)),
        taken=snapshot.taken,
        borne=borne,
        sent_on=max(guarantee.planned_to, guarantee.profile.today()),  # planned days are never "in the future"
        filing_days=guarantee.profile.claims.filing_days,
    )
