"""The states of a guarantee: who may make which change, and that every end is an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mypolis.insurance.guarantees.lifecycle.states import (
    CHANGES,
    OPEN,
    STANDING,
    STATE_LABELS,
    NotAllowed,
    State,
    Who,
    can_change,
    check_change,
)

ENDS = frozenset(State) - OPEN


def test_every_state_has_a_row_and_a_label() -> None:
    assert set(CHANGES) == set(State) == set(STATE_LABELS)


def test_what_has_ended_stays_ended() -> None:
    assert {state for state, changes in CHANGES.items() if not changes} == ENDS


def test_only_people_refuse_and_revoke() -> None:
    assert [who for changes in CHANGES.values() for who in (changes.get(State.REFUSED), changes.get(State.REVOKED))]
    for changes in CHANGES.values():
        for state in (State.REFUSED, State.REVOKED):
            assert "system" not in changes.get(state, ())


@pytest.mark.parametrize("state", sorted(STANDING))
def test_a_letter_on_which_a_clinic_relies_can_be_used_expire_and_be_revoked(state: State) -> None:
    assert can_change(state, State.USED, "system")
    assert can_change(state, State.EXPIRED, "system")
    assert can_change(state, State.REVOKED, "staff")
    assert not can_change(state, State.REFUSED, "staff")


@given(steps=some.lists(some.tuples(some.sampled_from(State), some.sampled_from(["staff", "system"])), max_size=30))
def test_no_sequence_of_changes_leaves_an_end(steps: list[tuple[State, Who]]) -> None:
    state, has_ended = State.ASKED, False
    for to, who in steps:
        try:
            check_change(state, to, who)
        except NotAllowed:
            continue
        assert not has_ended
        state, has_ended = to, to in ENDS
    assert has_ended == (state in ENDS)
