"""What needs a second administrator: giving a role, inviting somebody, letting somebody sign in anew.

Taking a role away does not: it must be quick.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.approvals.kinds import ApprovalKind, Stale
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.rights import MANAGE_STAFF
from mypolis.foundation.staff.roles import ROLES
from mypolis.foundation.staff.team.joining import AlreadyStaff, invite
from mypolis.foundation.staff.team.resetting import CannotReset, reset
from mypolis.foundation.staff.team.role_changes import give_role


def _role_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    return [*_colleague_facts(_market, payload), (_("Role"), ROLES[payload["role"]].label)]


def _colleague_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    account = StaffAccount.objects.get(pk=payload["account"])
    return [(_("Colleague"), f"{account.name}, {account.email}")]


def _give(market: str, payload: Mapping[str, Any], by: Actor) -> None:
    account = StaffAccount.objects.get(pk=payload["account"])
    role, proposer = payload["role"], _proposer(payload)
    if account.closed_at is not None or not give_role(
        account=account, market=market, role=role, by=by, proposed_by=proposer
    ):
        raise Stale


def _reset(_market: str, payload: Mapping[str, Any], by: Actor) -> None:
    try:
        reset(account=StaffAccount.objects.get(pk=payload["account"]), by=by)
    except CannotReset:
        raise Stale from None


def _proposer(payload: Mapping[str, Any]) -> StaffAccount | None:
    """Who proposed a role: kept with it, because they must not be the first of two with its new holder."""
    key = payload.get("proposed_by")
    return StaffAccount.objects.filter(pk=key).first() if key is not None else None


def _is_own(_market: str, payload: Mapping[str, Any], staff: StaffAccount) -> bool:
    return bool(payload["account"] == staff.pk)


def _invitation_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    return [
        (_("Name"), payload["name"]),
        (_("Work email"), payload["email"]),
        (_("Role"), ROLES[payload["role"]].label),
    ]


def _invite(market: str, payload: Mapping[str, Any], by: Actor) -> None:
    email, name, proposer = payload["email"], payload["name"], _proposer(payload)
    try:
        invite(email=email, name=name, market=market, roles=[payload["role"]], by=by, proposed_by=proposer)
    except AlreadyStaff:
        raise Stale from None


ROLE_CHANGE = ApprovalKind(
    name="role",
    title=gettext_lazy("Give a role"),
    right=MANAGE_STAFF,
    facts=_role_facts,
    apply=_give,
    concerns=_is_own,
    independent=True,
)
INVITATION = ApprovalKind(
    name="invitation",
    title=gettext_lazy("Invite a colleague"),
    right=MANAGE_STAFF,
    facts=_invitation_facts,
    apply=_invite,
    concerns=lambda _market, _payload, _staff: False,
    independent=True,
)
RESET = ApprovalKind(
    name="reset",
    title=gettext_lazy("Let a colleague set up their sign-in again"),
    right=MANAGE_STAFF,
    facts=_colleague_facts,
    apply=_reset,
    concerns=_is_own,
    independent=True,
)
