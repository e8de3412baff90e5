"""The table of states: who may change what, and what a member can do in each state."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.insurance.claims.lifecycle.states import (
    AFTER_DECISION,
    CAN_SEND_AGAIN,
    CAN_WITHDRAW,
    CHANGES,
    CLOSED,
    DECIDED,
    STATE_LABELS,
    UNDECIDED,
    NotAllowed,
    State,
    actions_of,
    check,
)

STATES = st.sampled_from(State)
ACTORS = st.sampled_from(["member", "staff", "system", "partner"])


def reachable(start: State) -> set[State]:
    """Every state to which some chain of changes leads."""
    seen, waiting = {start}, [start]
    while waiting:
        new = set(CHANGES[waiting.pop()]) - seen
        seen |= new
        waiting += new
    return seen


def names(states: Iterable[State]) -> list[str]:
    return sorted(state.value for state in states)


def test_every_state_is_in_the_table_and_has_words() -> None:
    assert set(CHANGES) == set(State) == set(STATE_LABELS)


def test_every_state_can_be_reached_from_a_draft() -> None:
    assert reachable(State.DRAFT) == set(State)


def test_a_draft_is_only_sent_because_old_ones_are_deleted() -> None:
    assert set(CHANGES[State.DRAFT]) == {State.SUBMITTED}


def test_nobody_but_a_member_withdraws_or_appeals_and_only_a_colleague_sends_in_their_place() -> None:
    for to in (State.WITHDRAWN, State.APPEALED):
        assert all(change[to].by == {"member"} for change in CHANGES.values() if to in change)
    assert CHANGES[State.DRAFT][State.SUBMITTED].by == {"member", "staff"}


def test_a_member_never_decides_and_is_never_paid_by_themselves() -> None:
    for changes in CHANGES.values():
        for to, change in changes.items():
            if to in DECIDED | {State.PAID, State.ASSESSED}:
                assert "member" not in change.by


def test_every_decision_and_payment_is_told() -> None:
    for state, changes in CHANGES.items():
        news = DECIDED | {State.PAID, State.PAYMENT_FAILED}
        if state in DECIDED:  # the decision was told in the same moment
            news -= {State.PAID}
        assert all(changes[to].told for to in changes if to in news)


def test_the_clock_is_paused_only_while_the_member_must_act() -> None:
    paused = {to for changes in CHANGES.values() for to, change in changes.items() if change.clock == "paused"}
    assert names(paused) == ["payment_failed", "waiting_for_member"]


def test_a_claim_that_ended_for_the_member_can_only_be_sent_again() -> None:
    for state in (State.WITHDRAWN, State.LAPSED):
        assert CHANGES[state] == {}
        assert actions_of(state) == ("send-again",)
    assert actions_of(State.DUPLICATE) == ()


def test_groups_of_states_do_not_contradict_each_other() -> None:
    assert not UNDECIDED & (AFTER_DECISION | CLOSED)
    assert CAN_WITHDRAW <= UNDECIDED
    assert CAN_SEND_AGAIN <= CLOSED


@given(STATES, STATES, ACTORS)
def test_a_change_is_allowed_exactly_if_the_table_has_it(state: State, to: State, by: str) -> None:
    allowed = to in CHANGES[state] and by in CHANGES[state][to].by
    if allowed:
        assert check(state, to, by) is CHANGES[state][to]  # type: ignore[arg-type]
    else:
        with pytest.raises(NotAllowed):
            check(state, to, by)  # type: ignore[arg-type]


@given(STATES, st.booleans(), st.booleans())
def test_somebody_else_can_only_read(state: State, may_appeal: bool, has_open_questions: bool) -> None:
    assert actions_of(state, is_own=False, may_appeal=may_appeal, has_open_questions=has_open_questions) == ()


@given(STATES, st.booleans(), st.booleans())
def test_what_a_member_can_do_is_in_the_table(state: State, may_appeal: bool, has_open_questions: bool) -> None:
    leads_to = {
        "submit": {State.SUBMITTED},
        "withdraw": {State.WITHDRAWN},
        "answer": {State.IN_REVIEW, State.SUBMITTED},
        "appeal": {State.APPEALED},
        "change-account": {State.TO_BE_PAID},
    }
    for action in actions_of(state, may_appeal=may_appeal, has_open_questions=has_open_questions):
        for to in leads_to.get(action, ()):
            assert "member" in check(state, to, "member").by
