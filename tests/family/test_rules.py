"""The rules for who may see whom, for any age and relation."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.markets.profile import FamilyRules
from mypolis.membership.family.relations.rules import (
    WHATS,
    birthday,
    born_between,
    comes_of_age,
    in_notice_period,
    is_of_age,
    may,
    may_claim_through,
    may_keep_private,
    scopes_of,
    sight_of_relative,
)

days = st.dates(date(1900, 1, 1), date(2090, 1, 1))
ages = st.integers(14, 25).flatmap(lambda private: st.tuples(st.just(private), st.integers(private, 30)))
rules = st.builds(
    lambda ages, notice: FamilyRules(private_from=ages[0], of_age=ages[1], notice=timedelta(days=notice)),
    ages,
    st.integers(0, 400),
)
relations = st.sampled_from(["child", "spouse", "parent", "other", "employee", "policyholder"])
whats = st.sampled_from(WHATS)
scopes = st.lists(st.sampled_from(["cover", "claims", "more"]), max_size=3)
BUILT_IN = FamilyRules()


@given(born=days, today=days, relation=relations, is_private=st.booleans(), rules=rules)
def test_details_are_seen_of_children_under_age_alone(
    born: date, today: date, relation: str, is_private: bool, rules: FamilyRules
) -> None:
    sight = sight_of_relative(relation=relation, born=born, is_private=is_private, today=today, rules=rules)
    if relation != "child" or is_of_age(born, today, rules):
        assert sight == "name"
    else:
        assert sight == ("state" if is_private and may_keep_private(born, today, rules) else "all")


@given(born=days, today=days, is_private=st.booleans(), rules=rules)
def test_a_parent_sees_less_and_less_as_a_child_grows(
    born: date, today: date, is_private: bool, rules: FamilyRules
) -> None:
    def seen(day: date) -> int:
        sight = sight_of_relative(relation="child", born=born, is_private=is_private, today=day, rules=rules)
        return ("all", "state", "name").index(sight)

    assert seen(today) <= seen(today + timedelta(days=1))


@given(born=days, rules=rules)
def test_the_birthday_is_the_first_day_and_the_eve_the_last(born: date, rules: FamilyRules) -> None:
    day = comes_of_age(born, rules)
    assert is_of_age(born, day, rules)
    assert not is_of_age(born, day - timedelta(days=1), rules)
    assert day.year - born.year == rules.of_age
    assert (day.month, day.day) in {(born.month, born.day), (3, 1)}


def test_born_on_29_february_one_is_of_age_on_1_march() -> None:
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)


@given(born=days, today=days, rules=rules)
def test_keeping_private_is_for_the_years_between(born: date, today: date, rules: FamilyRules) -> None:
    between = birthday(born, rules.private_from) <= today < comes_of_age(born, rules)
    assert may_keep_private(born, today, rules) == between


@given(today=days, rules=rules, ahead=st.integers(1, 400))
def test_a_family_is_told_ahead_and_found_by_the_span_of_birth_dates(
    today: date, rules: FamilyRules, ahead: int
) -> None:
    born = birthday(today + timedelta(days=ahead), -rules.of_age)
    notified = in_notice_period(born, today, rules)
    left = (comes_of_age(born, rules) - today).days
    assert notified == (0 < left <= rules.notice.days)
    first, last = born_between(today, rules)
    assert not notified or first <= born <= last


@given(born=days, today=days, rules=rules)
def test_whoever_is_told_is_in_the_span(born: date, today: date, rules: FamilyRules) -> None:
    first, last = born_between(today, rules)
    assert not in_notice_period(born, today, rules) or first <= born <= last


@given(seen_as=st.sampled_from(["self", "parent", "holder", "proxy"]), what=whats, scopes=scopes)
def test_nothing_is_opened_but_what_is_seen_whole(seen_as, what, scopes) -> None:  # type: ignore[no-untyped-def]
    for sight in ("state", "name"):
        assert not may(seen_as, sight, what, scopes)
    by_mandate = ("cover" in scopes and what in ("cover", "card")) or ("claims" in scopes and what == "claims")
    assert may(seen_as, "all", what, scopes) == (seen_as in ("self", "parent") or (seen_as == "proxy" and by_mandate))


@given(wanted=scopes)
def test_a_mandate_always_shows_the_cover_and_holds_nothing_unknown(wanted: list[str]) -> None:
    assert scopes_of(wanted) == ["cover"] + ["claims"] * ("claims" in wanted)


@given(held_to=st.none() | days, covered_to=st.none() | days, today=days)
def test_a_holder_who_left_claims_only_for_cover_that_ended_with_theirs(
    held_to: date | None, covered_to: date | None, today: date
) -> None:
    allowed = may_claim_through(held_to=held_to, covered_to=covered_to, today=today)
    if held_to is None or held_to >= today:
        assert allowed
    else:
        assert allowed == (covered_to is not None and covered_to <= held_to)


def test_the_built_in_ages() -> None:
    assert (BUILT_IN.private_from, BUILT_IN.of_age, BUILT_IN.notice) == (16, 18, timedelta(days=30))
