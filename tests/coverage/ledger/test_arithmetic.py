"""The arithmetic of limits, compared with a plain list of lines: nothing above a limit is ever granted."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mypolis.insurance.coverage.ledger.arithmetic import (
    NOT_COVERED,
    WAITING,
    Ask,
    Bucket,
    Covered,
    Grant,
    Span,
    Taken,
    day_in,
    grant,
    in_bucket,
    left,
    year_of,
)
from mypolis.insurance.coverage.plan_books.plan import Limit
from mypolis.insurance.coverage.plan_books.vocabulary import Basis

BENEFITS = ("doctor", "drugs", "room")
ALWAYS = Covered(date(2000, 1, 1))
DAY = date(2026, 3, 5)

amounts = st.decimals(0, 2_000, places=2)
days = st.dates(date(2025, 11, 1), date(2027, 2, 28))
keys = st.sampled_from(["", "A", "B"])
asks = st.builds(
    Ask, member=st.integers(1, 2), benefit=st.sampled_from(BENEFITS), day=days, amount=amounts,
    count=st.integers(0, 4), case=keys, visit=keys, pregnancy=keys,
)  # fmt: skip
BASES: tuple[Basis, ...] = ("year", "case", "visit", "day", "pregnancy", "item", "lifetime")


@st.composite
def limit_sets(draw: st.DrawFn) -> tuple[Limit, ...]:
    """A few limits on one benefit or several."""
    count = draw(st.integers(0, 4))
    return tuple(draw(limits(number)) for number in range(count))


@st.composite
def limits(draw: st.DrawFn, number: int) -> Limit:
    measure = draw(st.sampled_from(["amount", "count", "days"]))
    per = draw(st.sampled_from(BASES if measure != "days" else ("year", "case", "pregnancy", "lifetime")))
    size = draw(amounts) if measure == "amount" else Decimal(draw(st.integers(1, 6)))
    on = draw(st.lists(st.sampled_from(BENEFITS), min_size=1, unique=True))
    family = draw(st.booleans())
    return Limit(key=f"l{number}", benefits=tuple(on), per=per, measure=measure, size=size, family=family)


def year(ask: Ask) -> Span:
    return year_of(ask.day, date(2020, 4, 17))


def bucket_of(limit: Limit, ask: Ask, lines: Sequence[tuple[Ask, Grant]]) -> Taken:
    """What earlier lines took from the limit, added up one by one."""
    bucket = Bucket()
    for other, granted in lines:
        if in_bucket(limit, ask, other, year=year(ask)):
            bucket.add(other.day, granted.amount, granted.count)
    return bucket.taken


def taken_from(lines: Sequence[tuple[Ask, Grant]], ask: Ask) -> Callable[[Limit], Taken]:
    return lambda limit: bucket_of(limit, ask, lines)


def grant_all(asked: Sequence[Ask], limits: tuple[Limit, ...]) -> list[tuple[Ask, Grant]]:
    lines: list[tuple[Ask, Grant]] = []
    for ask in asked:
        lines.append((ask, grant(ask, limits, taken_from(lines, ask), ALWAYS)))
    return lines


@settings(deadline=None)
@given(st.lists(asks, max_size=12), limit_sets())
def test_what_is_granted_never_exceeds_a_limit_or_the_ask(asked: list[Ask], limits: tuple[Limit, ...]) -> None:
    lines = grant_all(asked, limits)
    for ask, granted in lines:
        assert sum((cut for _key, cut in granted.cuts), granted.amount) == ask.amount
        assert all(cut >= 0 for _key, cut in granted.cuts)
        assert 0 <= granted.amount <= ask.amount
        assert 0 <= granted.count <= ask.count
        for limit in limits:
            if ask.benefit not in limit.benefits:
                continue
            if limit.per == "item":
                most = limit.size * max(1, ask.count)
                assert (granted.amount if limit.measure == "amount" else granted.count) <= most
                continue
            taken = bucket_of(limit, ask, lines)
            if {"case": ask.case, "visit": ask.visit, "pregnancy": ask.pregnancy}.get(limit.per, "x"):
                used = {"amount": taken.amount, "count": taken.count, "days": len(taken.days)}[limit.measure]
                assert used <= limit.size


@settings(deadline=None)
@given(st.lists(asks, max_size=8), limit_sets())
def test_what_is_cut_could_not_have_been_more(asked: list[Ask], limits: tuple[Limit, ...]) -> None:
    """A line that was cut names a limit, and that limit has less than one unit left for it."""
    lines = grant_all(asked, limits)
    for place, (ask, granted) in enumerate(lines):
        if (granted.amount, granted.count) == (ask.amount, ask.count):
            assert granted.cut_by == ""
            continue
        limit = next(one for one in limits if one.key == granted.cut_by)
        before = left(limit, bucket_of(limit, ask, lines[:place]))
        if limit.per == "item":
            before *= max(1, ask.count)
        match limit.measure:
            case "amount":
                assert granted.amount == before or granted.count < ask.count
            case "count":
                assert granted.count == before
            case "days":
                assert (before, granted.amount, granted.count) == (0, 0, 0)


@given(asks, limit_sets())
def test_with_room_enough_nothing_is_cut(ask: Ask, limits: tuple[Limit, ...]) -> None:
    wide = [limit.model_copy(update={"size": Decimal(10**6)}) for limit in limits]
    assert grant(ask, wide, lambda _limit: Taken(), ALWAYS) == Grant(ask.amount, ask.count)


def limit(per: Basis, size: int, measure: str = "amount", **more: object) -> Limit:
    values = {"key": "l", "benefits": ("doctor",), "per": per, "measure": measure, "size": size, **more}
    return Limit.model_validate(values)


def doctor(amount: int = 0, count: int = 0, day: date = DAY, **more: object) -> Ask:
    values = {"member": 1, "benefit": "doctor", "day": day, "amount": Decimal(amount), "count": count, **more}
    return Ask(**values)  # type: ignore[arg-type]


def amounts_of(asked: Sequence[Ask], *limits: Limit) -> list[int]:
    return [int(granted.amount) for _ask, granted in grant_all(asked, limits)]


def test_the_second_of_two_claims_that_would_overdraw_gets_what_is_left() -> None:
    assert amounts_of([doctor(700), doctor(700), doctor(1)], limit("year", 1000)) == [700, 300, 0]


def test_a_shared_limit_is_drawn_on_by_all_its_benefits() -> None:
    shared = limit("year", 1000, benefits=("doctor", "drugs"))
    drugs = Ask(member=1, benefit="drugs", day=DAY, amount=Decimal(600))
    assert amounts_of([doctor(600), drugs], shared) == [600, 400]


def test_a_family_draws_on_its_limit_together_and_others_do_not() -> None:
    child = doctor(600, member=2)
    assert amounts_of([doctor(600), child], limit("year", 1000, family=True)) == [600, 400]
    assert amounts_of([doctor(600), child], limit("year", 1000)) == [600, 600]


def test_days_at_a_rate_end_with_the_greatest_number_of_days() -> None:
    """A room at 100 a day, for three days a case. A second bill for the same day counts no further day."""
    bills = [doctor(80, day=DAY + timedelta(days=number), case="A") for number in (0, 0, 1, 2, 3, 2)]
    assert amounts_of(bills, limit("day", 100), limit("case", 3, "days")) == [80, 20, 80, 80, 0, 20]
    other_case = doctor(80, day=DAY + timedelta(days=3), case="B")
    assert amounts_of([*bills, other_case], limit("day", 100), limit("case", 3, "days"))[-1] == 80


def test_units_are_cut_before_money_and_money_in_their_proportion() -> None:
    (_ask, granted), *_rest = grant_all([doctor(900, count=3)], (limit("year", 2, "count", unit="visit"),))
    assert (granted.amount, granted.count, granted.cut_by) == (600, 2, "l")

    both = (limit("year", 500), limit("year", 2, "count", unit="visit"))
    (_ask, granted), *_rest = grant_all([doctor(900, count=3)], both)
    assert (granted.amount, granted.count) == (500, 2), "money is cut to what is left of it, not in proportion again"


def test_each_limit_that_cuts_is_named_with_its_sum() -> None:
    small, shared = limit("visit", 400), limit("year", 250).model_copy(update={"key": "shared"})
    (_ask, granted), *_rest = grant_all([doctor(550, count=1)], (small, shared))
    assert (granted.amount, granted.cut_by) == (250, "shared")
    assert granted.cuts == (("l", 150), ("shared", 150))
    (_ask, refused), *_rest = grant_all([doctor(900, count=3, case="A")], (limit("case", 0, "days"), small, shared))
    assert refused.cuts == (("l", 900),)


def test_a_limit_in_all_has_no_years() -> None:
    births = [doctor(count=1, day=date(year, 1, 5)) for year in (2025, 2026, 2027)]
    counts = [granted.count for _ask, granted in grant_all(births, (limit("lifetime", 2, "count", unit="birth"),))]
    assert counts == [1, 1, 0]


def test_a_year_begins_anew_and_the_day_before_is_the_old_one() -> None:
    edge = [doctor(800, day=date(2026, 4, 16)), doctor(800, day=date(2026, 4, 17)), doctor(800, day=date(2026, 4, 16))]
    assert amounts_of(edge, limit("year", 1000)) == [800, 800, 200]


def test_nothing_is_paid_while_one_waits_or_outside_of_the_cover() -> None:
    covered = Covered(date(2026, 1, 1), date(2026, 12, 31), waiting_days=280)
    days = [
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2026, 10, 7),
        date(2026, 10, 8),
        date(2026, 12, 31),
        date(2027, 1, 1),
    ]
    found = [grant(doctor(5, day=day), (), lambda _limit: Taken(), covered).cut_by for day in days]
    assert found == [NOT_COVERED, WAITING, WAITING, "", "", NOT_COVERED]


@pytest.mark.parametrize(
    ("day", "anchor", "first", "last"),
    [
        (date(2026, 3, 5), None, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 3, 5), date(2024, 3, 5), date(2026, 3, 5), date(2027, 3, 4)),
        (date(2026, 3, 4), date(2024, 3, 5), date(2025, 3, 5), date(2026, 3, 4)),
        (date(2026, 3, 1), date(2024, 2, 29), date(2026, 3, 1), date(2027, 2, 28)),
        (date(2028, 2, 28), date(2024, 2, 29), date(2027, 3, 1), date(2028, 2, 28)),
        (date(2028, 2, 29), date(2024, 2, 29), date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_year_runs_from_anniversary_to_anniversary(day: date, anchor: date | None, first: date, last: date) -> None:
    assert year_of(day, anchor) == Span(first, last)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.none() | st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_is_in_exactly_one_year(day: date, anchor: date | None) -> None:
    around = year_of(day, anchor)
    assert day in around
    assert year_of(around.last + timedelta(days=1), anchor).first == around.last + timedelta(days=1)
    assert 365 <= (around.last - around.first).days + 1 <= 366


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Asia/Jakarta", date(2027, 1, 1)),
        ("Europe/Belgrade", date(2026, 12, 31)),
        ("Europe/Moscow", date(2026, 12, 31)),
    ],
)
def test_the_year_turns_by_the_clocks_of_the_market(zone: str, day: date) -> None:
    assert day_in(datetime(2026, 12, 31, 18, 30, tzinfo=UTC), ZoneInfo(zone)) == day
