"""Giving a role needs a second administrator. Taking one away does not: it must be quick."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.approvals.kinds import ApprovalKind, Stale
from mypolis.foundation.staff.joining import AlreadyStaff, invite
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.rights import MANAGE_STAFF
from mypolis.foundation.staff.role_changes import give_role
from mypolis.foundation.staff.roles import ROLES


def _role_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    account = StaffAccount.objects.get(pk=payload["account"])
    return [(_("Colleague"), f"{account.name}, {account.email}"), (_("Role"), ROLES[payload["role"]].label)]


def _give(market: str, payload: Mapping[str, Any], by: Actor) -> None:
    account = StaffAccount.objects.get(pk=payload["account"])
    if account.closed_at is not None or not give_role(account=account, market=market, role=payload["role"], by=by):
        raise Stale


def _is_own_role(_market: str, payload: Mapping[str, Any], staff: StaffAccount) -> bool:
    return bool(payload["account"] == staff.pk)


def _invitation_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    return [
        (_("Name"), payload["name"]),
        (_("Work email"), payload["email"]),
        (_("Role"), ROLES[payload["role"]].label),
    ]


def _invite(market: str, payload: Mapping[str, Any], by: Actor) -> None:
    try:
        invite(email=payload["email"], name=payload["name"], market=market, roles=[payload["role"]], by=by)
    except AlreadyStaff:
        raise Stale from None


ROLE_CHANGE = ApprovalKind(
    name="role",
    title=gettext_lazy("Give a role"),
    right=MANAGE_STAFF,
    facts=_role_facts,
    apply=_give,
    concerns=_is_own_role,
)
INVITATION = ApprovalKind(
    name="invitation",
    title=gettext_lazy("Invite a colleague"),
    right=MANAGE_STAFF,
    facts=_invitation_facts,
    apply=_invite,
    concerns=lambda _market, _payload, _staff: False,
)
