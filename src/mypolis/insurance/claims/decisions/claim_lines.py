"""Stored lines of claims as adjudication reads them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from mypolis.insurance.claims.adjudication.days import CENT
from mypolis.insurance.claims.adjudication.lines import ClaimLine, Deduction, Fact, Refusal
from mypolis.insurance.claims.decisions.ledger_ids import short
from mypolis.insurance.claims.models import Claim, Line
from mypolis.insurance.coverage.plan_books.plan import PlanDocument

LONGEST = 366  # days of one line
_CHAIN = 20  # at most so many claims of one stay or pregnancy, each of which names the one before


def lines_of(claims: Iterable[Claim], *, with_texts: bool = False) -> dict[UUID, list[Line]]:
    """The lines of claims by the claim's key, without their encrypted texts unless asked for; one query."""
    found: dict[UUID, list[Line]] = defaultdict(list)
    rows = Line.objects.filter(claim__in=[claim.pk for claim in claims])
    for line in rows if with_texts else rows.defer("text"):
        found[line.claim_id].append(line)
    return found


def case_roots(lines: Iterable[Line]) -> dict[UUID, UUID]:
    """For each claim that continues another's stay or pregnancy, the claim with which it began."""
    before: dict[UUID, UUID] = {}
    waiting = {(line.claim_id, line.same_case_as_id) for line in lines if line.same_case_as_id is not None}
    for _step in range(_CHAIN):
        before.update((claim, earlier) for claim, earlier in waiting if claim != earlier)
        new = {earlier for _claim, earlier in waiting} - set(before)
        if not new:
            break
        rows = Line.objects.filter(claim__in=new, same_case_as__isnull=False)
        waiting = set(rows.values_list("claim_id", "same_case_as_id"))
    return {claim: _root(claim, before) for claim in before}


def _root(claim: UUID, before: Mapping[UUID, UUID]) -> UUID:
    passed = {claim}
    while (earlier := before.get(claim)) is not None and earlier not in passed:
        claim = earlier
        passed.add(claim)
    return claim


def days_touched(line: Line) -> list[date]:
    """All days of a line, the last one included; of a line that is longer than a year, the days of the first year."""
    first = _first_day(line)
    last = min(max(line.until or first, first), first + timedelta(days=LONGEST - 1))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _first_day(line: Line) -> date:
    if line.date is None:
        raise ValueError("a line without a date cannot be decided")
    return line.date


def read_line(
    line: Line, claim: Claim, root: UUID, plan: PlanDocument | None, named_by: PlanDocument | None
) -> ClaimLine:
    """A stored line for adjudication. `plan` is that of its day; `named_by` knows the benefit's name if that does not.

    Lines of a claim are one case and one pregnancy, together with those of the claims that it continues. Lines of a
    claim on the same day are one visit.
    """
    day = _first_day(line)
    benefit = line.benefit or claim.benefit
    known = next((one for book in (plan, named_by) if book and (one := book.benefit(benefit))), None)
    return ClaimLine(
        key=str(line.pk),
        day=day,
        until=days_touched(line)[-1] if line.until else None,
        benefit=benefit,
        benefit_name=known.name if known else {},
        amount=in_plan_currency(line, plan),
        number=line.number,
        count=line.count,
        visit=visit_of(claim, line),
        case=short(root),
        pregnancy=short(root),
        in_network=line.in_network,
        provider=claim.provider,
        deductions=tuple(_deductions(line)),
        refusal=_refusal(line, claim),
    )


def visit_of(claim: Claim, line: Line) -> str:
    """The key of the visit to which a line belongs."""
    return f"{short(claim.pk)}/{_first_day(line):%Y%m%d}"


def in_plan_currency(line: Line, plan: PlanDocument | None) -> Decimal | None:
    """The sum of a line in the plan's currency, rounded half up; None without a sum or a rate."""
    if line.amount is None:
        return None
    if line.rate is not None:
        return (line.amount * line.rate).quantize(CENT, ROUND_HALF_UP)
    is_foreign = plan is not None and line.currency not in ("", plan.currency)
    return None if is_foreign else line.amount


def _deductions(line: Line) -> Iterable[Deduction]:
    if line.paid_elsewhere > 0:
        yield Deduction("paid_elsewhere", line.paid_elsewhere)
    if line.not_medical > 0:
        yield Deduction("not_a_medical_cost", line.not_medical)


def _refusal(line: Line, claim: Claim) -> Refusal | None:
    if not line.refusal:
        return None
    words: dict[str, Fact] = {"note": line.note, "provider": claim.provider}
    return Refusal(line.refusal, {name: value for name, value in words.items() if value})
