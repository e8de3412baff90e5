"""What is true of any claim under any plan."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mypolis.insurance.claims.adjudication.lines import AdjudicatedLine, ClaimLine, Deduction, Refusal
from mypolis.insurance.claims.adjudication.reasons import DEDUCTIONS, REASONS, REFUSALS
from mypolis.insurance.coverage.ledger.arithmetic import Bucket, in_bucket, year_of
from mypolis.insurance.coverage.plan_books.plan import Benefit, Limit, PlanDocument
from tests.claims.adjudication.bills import benefit, decided, limit, plan, situation
from tests.effort import examples

KINDS = {"doctor": "outpatient", "room": "inpatient", "cure": "rehabilitation"}
ANCHOR = date(2020, 4, 17)
amounts = st.decimals(Decimal("0.01"), 3_000, places=2)
percents = st.decimals(0, 100, places=2)
keys = st.sampled_from(["", "A", "B"])
days = st.dates(date(2026, 3, 1), date(2026, 5, 5))


@st.composite
def limits(draw: st.DrawFn, number: int) -> Limit:
    measure = draw(st.sampled_from(["amount", "count", "days"]))
    bases = ["year", "case", "visit", "day", "pregnancy", "item", "lifetime"]
    per = draw(st.sampled_from(bases if measure != "days" else ["year", "case", "pregnancy", "lifetime"]))
    size = draw(st.decimals(0, 2_000, places=2)) if measure == "amount" else draw(st.integers(0, 6))
    on = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, unique=True))
    unit = "visit" if measure == "count" else None
    return limit(" ".join(on), per, size, measure, unit=unit, family=draw(st.booleans()), key=f"l{number}")


@st.composite
def benefits(draw: st.DrawFn, key: str) -> Benefit:
    terms: dict[str, Any] = {"reimbursement": draw(st.none() | percents), "waiting_days": draw(st.integers(0, 20))}
    if draw(st.booleans()):
        terms["excess"] = {"amount": draw(amounts), "per": draw(st.sampled_from(["year", "case", "visit"]))}
    if draw(st.booleans()):
        terms["copayment"] = {"percent": draw(percents), "cap": draw(st.none() | amounts)}
    return benefit(key, KINDS[key], **terms)


@st.composite
def plans(draw: st.DrawFn) -> PlanDocument:
    offered = [draw(benefits(key)) for key in KINDS]
    bounds = [draw(limits(number)) for number in range(draw(st.integers(0, 4)))]
    return plan(offered, *bounds, year=draw(st.sampled_from(["calendar", "policy"])))


@st.composite
def bills(draw: st.DrawFn) -> list[ClaimLine]:
    return [draw(bill(number)) for number in range(draw(st.integers(1, 6)))]


@st.composite
def bill(draw: st.DrawFn, number: int) -> ClaimLine:
    day = draw(days)
    taken_off = st.builds(Deduction, st.sampled_from(DEDUCTIONS), st.decimals(0, 500, places=2))
    return ClaimLine(
        key=str(number),
        day=day,
        until=draw(st.none() | st.integers(0, 5).map(lambda more: day + timedelta(days=more))),
        benefit=draw(st.sampled_from([*KINDS, "unknown"])),
        amount=draw(st.none() | amounts | st.just(Decimal(-5))),
        number=draw(keys),
        count=draw(st.integers(0, 4)),
        visit=draw(keys),
        case=draw(keys),
        pregnancy=draw(keys),
        in_network=draw(st.sampled_from([True, False, None])),
        deductions=tuple(draw(st.lists(taken_off, max_size=2))),
        refusal=draw(st.sampled_from([None] * 40 + [Refusal(code) for code in REFUSALS])),
    )


def decide(lines: Sequence[ClaimLine], book: PlanDocument) -> list[AdjudicatedLine]:
    cover = {"start": date(2026, 3, 3), "end": date(2026, 5, 1), "policy_start": ANCHOR}
    return decided(lines, situation(book, **cover))


@settings(max_examples=examples(400, quick=60))
@given(bills(), plans())
def test_every_line_adds_up_and_every_cut_has_a_reason(lines: list[ClaimLine], book: PlanDocument) -> None:
    for one in decide(lines, book):
        assert one.billed == max(Decimal(0), one.line.amount or Decimal(0))
        assert one.granted >= 0
        assert one.own >= 0
        assert all(cut.amount > 0 or one.billed == 0 for cut in one.cuts)
        assert {cut.code for cut in (*one.cuts, *one.questions)} <= set(REASONS)
        assert one.excess_borne == sum(cut.amount for cut in one.cuts if cut.code == "excess")
        assert one.questions or one.cuts or one.own == 0


@settings(max_examples=examples(200, quick=40))
@given(bills(), plans(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(lines: list[ClaimLine], book: PlanDocument, random: Any) -> None:
    mixed = random.sample(lines, len(lines))
    assert decide(lines, book) == decide(mixed, book)


@settings(max_examples=examples(400, quick=60))
@given(bills(), plans())
def test_no_limit_is_exceeded(lines: list[ClaimLine], book: PlanDocument) -> None:
    all_days = [day for one in decide(lines, book) for day in one.days]
    for bound in book.limits:
        for asked in all_days:
            ask = asked.ask
            if ask.benefit not in bound.benefits:
                continue
            year = year_of(ask.day, ANCHOR if book.year == "policy" else None)
            together = [asked] + [
                other for other in all_days if other is not asked and in_bucket(bound, ask, other.ask, year=year)
            ]
            bucket = Bucket()
            for other in together:
                bucket.add(other.ask.day, other.granted.amount, other.granted.count)
            most = bound.size * max(1, ask.count) if bound.per == "item" else bound.size
            taken = bucket.taken
            content = {"amount": taken.amount, "count": taken.count, "days": len(taken.days)}[bound.measure]
            assert content <= most


@settings(max_examples=examples(200, quick=40))
@given(bills(), plans())
def test_no_excess_and_no_cap_is_borne_twice(lines: list[ClaimLine], book: PlanDocument) -> None:
    borne: dict[Any, Decimal] = {}
    for one in decide(lines, book):
        for bucket, amount in one.excess:
            borne[bucket] = borne.get(bucket, Decimal(0)) + amount
    for bucket, amount in borne.items():
        of = book.benefit(bucket.benefit)
        assert of is not None
        assert of.excess is not None
        assert amount <= of.excess.amount
