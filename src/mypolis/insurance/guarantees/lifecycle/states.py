"""The states of a guarantee and the changes between them, as pure rules. `CHANGES` is the whole table."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class State(StrEnum):
    """Where a guarantee is; the API uses the value."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    EXTENDED = "extended"
    FINAL = "final"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


type Who = Literal["staff", "system"]

_S = State
_PERSON: frozenset[Who] = frozenset({"staff"})
_RULE: frozenset[Who] = frozenset({"system"})
_ENDS: Mapping[State, frozenset[Who]] = {_S.USED: _RULE, _S.EXPIRED: _RULE, _S.REVOKED: _PERSON}

CHANGES: Mapping[State, Mapping[State, frozenset[Who]]] = {
    _S.ASKED: {_S.GIVEN: _PERSON | _RULE, _S.REFUSED: _PERSON, _S.EXPIRED: _RULE},
    _S.GIVEN: {_S.EXTENDED: _PERSON, _S.FINAL: _PERSON, **_ENDS},
    _S.EXTENDED: {_S.EXTENDED: _PERSON, _S.FINAL: _PERSON, **_ENDS},
    _S.FINAL: _ENDS,
    _S.REFUSED: {},
    _S.USED: {},
    _S.EXPIRED: {},
    _S.REVOKED: {},
}
"""Who may make which change. A rule never refuses: only people do."""

STANDING = frozenset({_S.GIVEN, _S.EXTENDED, _S.FINAL})
"""States in which a clinic can rely on the letter; what it promises is reserved."""
OPEN = STANDING | {_S.ASKED}


class NotAllowed(Exception):
    """The guarantee's state does not allow this change, or not by this actor."""

    def __init__(self, state: State, wanted: State) -> None:
        super().__init__(f"{state} does not allow {wanted}")
        self.state, self.wanted = state, wanted


def can_change(state: State, to: State, by: Who) -> bool:
    """Whether this actor may change a guarantee from one state to another."""
    return by in CHANGES[state].get(to, ())


def check_change(state: State, to: State, by: Who) -> None:
    """Raise NotAllowed unless `can_change`."""
    if not can_change(state, to, by):
        raise NotAllowed(state, to)


STATE_LABELS: Mapping[State, Promise] = {
    _S.ASKED: pgettext_lazy("guarantee", "Asked for"),
    _S.GIVEN: pgettext_lazy("guarantee", "Given"),
    _S.REFUSED: pgettext_lazy("guarantee", "Refused"),
    _S.EXTENDED: pgettext_lazy("guarantee", "Extended"),
    _S.FINAL: pgettext_lazy("guarantee", "Final sum known"),
    _S.USED: pgettext_lazy("guarantee", "Used"),
    _S.EXPIRED: pgettext_lazy("guarantee", "Expired"),
    _S.REVOKED: pgettext_lazy("guarantee", "Revoked"),
}
"""What members read on the badge of a guarantee."""
