"""The states of a claim and the changes between them, as pure rules.

`CHANGES` is the whole table. Flows call `check` before they change a state; pages and JSON call `actions_of`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(StrEnum):
    """Where a claim is; the API uses the value."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    WAITING = "waiting_for_member"
    ASSESSED = "assessed"
    SECOND_REVIEW = "second_review"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    REJECTED = "rejected"
    TO_BE_PAID = "to_be_paid"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    APPEALED = "appealed"
    DUPLICATE = "duplicate"


type Who = Literal["member", "staff", "system", "partner"]
type Clock = Literal["runs", "paused", "ended"]
type Action = Literal["edit", "submit", "discard", "withdraw", "answer", "appeal", "change-account", "send-again"]

_S = State


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change that is allowed: who may make it, whether the member is told, and what the promise's clock does then.

    The clock `runs`, is `paused` while we wait for the member, or has `ended`.
    """

    by: frozenset[Who]
    told: bool
    clock: Clock


def _by(*who: Who, told: bool, clock: Clock = "runs") -> Change:
    return Change(by=frozenset(who), told=told, clock=clock)


_DECISION: Mapping[State, Change] = {
    _S.APPROVED: _by("staff", "system", "partner", told=True, clock="ended"),
    _S.PARTLY_APPROVED: _by("staff", "system", "partner", told=True, clock="ended"),
    _S.REJECTED: _by("staff", "system", "partner", told=True, clock="ended"),
}
_WITHDRAWN = {_S.WITHDRAWN: _by("member", told=True, clock="ended")}
_DUPLICATE = {_S.DUPLICATE: _by("staff", "partner", told=True, clock="ended")}
_QUESTION = {_S.WAITING: _by("staff", "partner", "system", told=True, clock="paused")}
_OPEN = _WITHDRAWN | _DUPLICATE
_AFTER_GRANT: Mapping[State, Change] = {
    _S.TO_BE_PAID: _by("system", told=False, clock="ended"),
    _S.PAID: _by("system", told=False, clock="ended"),  # all of it was paid before
    _S.PAYMENT_FAILED: _by("system", told=True, clock="paused"),  # the money came back during the appeal
}

CHANGES: Mapping[State, Mapping[State, Change]] = {
    _S.DRAFT: {_S.SUBMITTED: _by("member", "staff", told=True)},  # old drafts are deleted, they do not lapse
    _S.SUBMITTED: {
        _S.RECEIVED: _by("system", told=True),
        _S.WAITING: _by("system", "staff", "partner", told=True, clock="paused"),
        **_OPEN,
        **_DECISION,
    },
    _S.RECEIVED: {_S.IN_REVIEW: _by("staff", "system", told=False), **_QUESTION, **_OPEN, **_DECISION},
    _S.IN_REVIEW: {
        _S.RECEIVED: _by("staff", told=False),
        _S.ASSESSED: _by("staff", "system", told=False),
        **_QUESTION,
        **_OPEN,
        **_DECISION,
    },
    _S.WAITING: {
        _S.SUBMITTED: _by("member", told=True),
        _S.IN_REVIEW: _by("member", "system", told=True),
        _S.LAPSED: _by("system", told=True, clock="ended"),
        **_OPEN,
        **_DECISION,
    },
    _S.ASSESSED: {
        _S.IN_REVIEW: _by("staff", told=False),  # a second person sent it back
        _S.SECOND_REVIEW: _by("system", told=False),
        **_OPEN,
        **_DECISION,
    },
    _S.SECOND_REVIEW: {_S.ASSESSED: _by("staff", told=False), **_DUPLICATE, **_DECISION},
    _S.APPROVED: {**_AFTER_GRANT, **_DECISION},
    _S.PARTLY_APPROVED: {
        **_AFTER_GRANT,
        _S.APPEALED: _by("member", told=True),
        **_DECISION,
    },
    _S.REJECTED: {_S.APPEALED: _by("member", told=True), **_DECISION},
    _S.TO_BE_PAID: {
        _S.PAID: _by("staff", "system", "partner", told=True, clock="ended"),
        _S.PAYMENT_FAILED: _by("staff", "system", "partner", told=True, clock="paused"),
        _S.APPEALED: _by("member", told=True),
        **_DECISION,
    },
    _S.PAYMENT_FAILED: {
        _S.TO_BE_PAID: _by("member", "system", told=True, clock="ended"),
        _S.PAID: _by("staff", "system", "partner", told=True, clock="ended"),
        **_DECISION,
    },
    _S.PAID: {_S.APPEALED: _by("member", told=True), **_DECISION},
    _S.APPEALED: {_S.IN_REVIEW: _by("staff", "system", told=False), **_QUESTION, **_DECISION},
    _S.WITHDRAWN: {},
    _S.LAPSED: {},
    _S.DUPLICATE: {},
}

DECIDED = frozenset({_S.APPROVED, _S.PARTLY_APPROVED, _S.REJECTED})
AFTER_DECISION = DECIDED | {_S.TO_BE_PAID, _S.PAID, _S.PAYMENT_FAILED}
ENDED_UNDECIDED = frozenset({_S.WITHDRAWN, _S.LAPSED, _S.DUPLICATE})
"""States that end a claim without a decision. A claim that was decided once never gets there: it has been paid, or can
be paid, so an appeal ends with a decision."""
CLOSED = ENDED_UNDECIDED | DECIDED | {_S.PAID}
"""States in which nobody needs to do anything more. A decision that leaves something to pay goes on to `to_be_paid` in
the same transaction; a claim stays approved only if nothing is to be paid, or if we pay the clinic."""
UNDECIDED = frozenset({_S.SUBMITTED, _S.RECEIVED, _S.IN_REVIEW, _S.WAITING, _S.ASSESSED, _S.SECOND_REVIEW, _S.APPEALED})
"""States of a sent claim that waits for a decision; its reservations hold."""
CAN_WITHDRAW = frozenset({_S.SUBMITTED, _S.RECEIVED, _S.IN_REVIEW, _S.WAITING, _S.ASSESSED})
CAN_SEND_AGAIN = frozenset({_S.REJECTED, _S.LAPSED, _S.WITHDRAWN})


class NotAllowed(Exception):
    """The claim's state does not allow this; `can` names what the member can do now."""

    def __init__(self, state: State, wanted: str) -> None:
        super().__init__(f"{state} does not allow {wanted}")
        self.state, self.wanted = state, wanted


def check(state: State, to: State, by: Who, *, was_decided: bool = False) -> Change:
    """The change from one state to another. Raises NotAllowed if this actor may not make it.

    `was_decided`: the claim has a decision, so it is under appeal if it waits for another one.
    """
    change = CHANGES[state].get(to)
    if change is None or by not in change.by or (was_decided and to in ENDED_UNDECIDED):
        raise NotAllowed(state, to)
    return change


def actions_of(
    state: State,
    *,
    is_own: bool = True,
    may_appeal: bool = False,
    has_open_questions: bool = False,
    was_decided: bool = False,
) -> tuple[Action, ...]:
    """What a member can do with a claim now, for `can` in JSON and the buttons of pages.

    `is_own`: the member made the claim or took it over, so they may change it. `may_appeal`: the time for an appeal is
    not over, and this decision was not appealed yet. `was_decided`: as for `check`.
    """
    if not is_own:
        return ()
    actions: list[Action] = []
    if state == _S.DRAFT:
        actions += ["edit", "submit", "discard"]
    if state == _S.WAITING and has_open_questions:
        actions.append("answer")
    if state in CAN_WITHDRAW and not was_decided:
        actions.append("withdraw")
    if may_appeal and _S.APPEALED in CHANGES[state]:
        actions.append("appeal")
    if state == _S.PAYMENT_FAILED:
        actions.append("change-account")
    if state in CAN_SEND_AGAIN:
        actions.append("send-again")
    return tuple(actions)


STATE_LABELS: Mapping[State, Promise] = {
    _S.DRAFT: _("Draft"),
    _S.SUBMITTED: _("Sent"),
    _S.RECEIVED: _("Received"),
    _S.IN_REVIEW: _("In review"),
    _S.WAITING: _("Waiting for you"),
    _S.ASSESSED: _("In review"),
    _S.SECOND_REVIEW: _("In review"),
    _S.APPROVED: _("Approved"),
    _S.PARTLY_APPROVED: _("Partly approved"),
    _S.REJECTED: _("Rejected"),
    _S.TO_BE_PAID: _("Payment on its way"),
    _S.PAID: pgettext_lazy("claim", "Paid"),
    _S.PAYMENT_FAILED: _("Payment came back"),
    _S.WITHDRAWN: _("Withdrawn"),
    _S.LAPSED: _("Lapsed"),
    _S.APPEALED: _("Appeal in review"),
    _S.DUPLICATE: _("Sent twice"),
}
"""What members read on the badge of a claim."""
