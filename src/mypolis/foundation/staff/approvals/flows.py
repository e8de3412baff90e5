"""Proposing, approving, rejecting and withdrawing changes that need two people."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.postgres.named_locks import lock_name
from mypolis.foundation.staff.approvals.kinds import ApprovalKind, Stale, approval_kinds
from mypolis.foundation.staff.event_kinds import StaffEvent
from mypolis.foundation.staff.models import Approval, StaffAccount
from mypolis.foundation.staff.team.role_changes import owes_role_to

PROPOSAL_LIFE = timedelta(hours=72)


class NotYours(Exception):
    """This person may not do it.

    `why` is "own" (it is about them), "proposer", "dependent", "right", "markets" (not in all of them), "closed" or
    "proposed" (AlreadyProposed).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AlreadyProposed(NotYours):
    """`first` is an open proposal about the same thing: it must be decided, or withdrawn, before the next."""

    def __init__(self, first: Approval) -> None:
        super().__init__("proposed")
        self.first = first


@transaction.atomic
def propose(
    *, kind: ApprovalKind, market: str, payload: Mapping[str, Any], proposer: StaffAccount, by: Actor
) -> Approval:
    """Propose a change; somebody else decides within 72 hours. Raises NotYours, AlreadyProposed."""
    _require(kind, market, payload, proposer)
    _require_first(kind, market, payload, by)
    now = timezone.now()
    approval = Approval.objects.create(
        kind=kind.name,
        market=market,
        payload=dict(payload),
        payload_digest=_digest(payload),
        proposed_by=proposer,
        proposed_at=now,
        expires_at=now + PROPOSAL_LIFE,
    )
    record(StaffEvent.APPROVAL_PROPOSED, market=market, by=by, subject=approval, what=kind.name)
    return approval


@transaction.atomic
def approve(*, approval: Approval, approver: StaffAccount, by: Actor) -> Approval:
    """Approve a proposal and make its change, in one transaction. Returns it: applied, or stale if it no longer fits.

    Raises NotYours.
    """
    locked, kind = _open(approval, approver)
    if not _may_still_propose(kind, locked):
        return _close(locked, Approval.State.STALE, approver, by)
    if not constant_time_compare(_digest(locked.payload), locked.payload_digest):
        return _close(locked, Approval.State.STALE, approver, by)
    try:
        with transaction.atomic():
            kind.apply(locked.market, locked.payload, by)
    except Stale:
        return _close(locked, Approval.State.STALE, approver, by)
    return _close(locked, Approval.State.APPLIED, approver, by)


@transaction.atomic
def reject(*, approval: Approval, approver: StaffAccount, reason: str, by: Actor) -> Approval:
    """Reject a proposal, with a reason that its proposer reads. Raises NotYours."""
    locked, _kind = _open(approval, approver)
    locked.reason = reason
    return _close(locked, Approval.State.REJECTED, approver, by)


@transaction.atomic
def withdraw(*, approval: Approval, proposer: StaffAccount, by: Actor) -> Approval:
    """Take one's own proposal back. Raises NotYours."""
    locked = Approval.objects.select_for_update().get(pk=approval.pk)
    if locked.proposed_by_id != proposer.pk:
        raise NotYours("proposer")
    if locked.state != Approval.State.PROPOSED:
        raise NotYours("closed")
    return _close(locked, Approval.State.WITHDRAWN, None, by)


@transaction.atomic
def expire_old() -> int:
    """Close proposals that nobody decided in time. Returns how many."""
    old = Approval.objects.select_for_update(skip_locked=True).filter(
        state=Approval.State.PROPOSED, expires_at__lte=timezone.now()
    )
    return len([_close(one, Approval.State.EXPIRED, None, SYSTEM) for one in old.order_by("pk")])


def _open(approval: Approval, approver: StaffAccount) -> tuple[Approval, ApprovalKind]:
    locked = Approval.objects.select_for_update().get(pk=approval.pk)
    if locked.state != Approval.State.PROPOSED or locked.expires_at <= timezone.now():
        raise NotYours("closed")
    if locked.proposed_by_id == approver.pk:
        raise NotYours("proposer")
    kind = approval_kinds()[locked.kind]
    _require(kind, locked.market, locked.payload, approver)
    if is_dependent(kind, locked, approver):
        raise NotYours("dependent")
    return locked, kind


def is_dependent(kind: ApprovalKind, approval: Approval, approver: StaffAccount) -> bool:
    """Whether somebody owes their role to the proposer, and the kind needs two people who do not."""
    return kind.independent and owes_role_to(approver, approval.proposed_by, approval.market)


def is_in_charge(kind: ApprovalKind, market: str, payload: Mapping[str, Any], staff: StaffAccount) -> bool:
    """Whether somebody is in charge of all that a change touches, also in other markets."""
    return kind.in_charge is None or kind.in_charge(market, payload, staff)


def _may_still_propose(kind: ApprovalKind, approval: Approval) -> bool:
    """Whether whoever proposed a change could propose it today: with a role, and not about themselves."""
    proposer = approval.proposed_by
    if proposer.closed_at is not None:
        return False
    try:
        _require(kind, approval.market, approval.payload, proposer)
    except NotYours:
        return False
    return True


def _require(kind: ApprovalKind, market: str, payload: Mapping[str, Any], staff: StaffAccount) -> None:
    if not staff.may(kind.right, market):
        raise NotYours("right")
    if not is_in_charge(kind, market, payload, staff):
        raise NotYours("markets")
    if kind.concerns(market, payload, staff):
        raise NotYours("own")


def _require_first(kind: ApprovalKind, market: str, payload: Mapping[str, Any], by: Actor) -> None:
    """Check that no open proposal is about the same thing. Raises AlreadyProposed.

    One that nobody can approve any more, because its proposer left, is closed instead: whoever owes its proposer their
    role could not even reject it. Compares in Python, because payloads are encrypted; open proposals of one kind are
    few.
    """
    if not kind.same:
        return
    lock_name(f"approvals:{market}:{kind.name}")
    is_open = Approval.objects.filter(state=Approval.State.PROPOSED, expires_at__gt=timezone.now())
    rows = is_open.select_for_update(of=("self",)).filter(market=market, kind=kind.name)
    for one in rows.select_related("proposed_by").order_by("pk"):
        if any(one.payload.get(name) != payload[name] for name in kind.same):
            continue
        if _may_still_propose(kind, one):
            raise AlreadyProposed(one)
        _close(one, Approval.State.STALE, None, by)


def _close(approval: Approval, state: str, decided_by: StaffAccount | None, by: Actor) -> Approval:
    approval.state, approval.decided_by, approval.decided_at = state, decided_by, timezone.now()
    approval.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    record(StaffEvent.APPROVAL_CLOSED, market=approval.market, by=by, subject=approval, state=state, what=approval.kind)
    return approval


def _digest(payload: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
